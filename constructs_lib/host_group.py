"""Hosts: EC2 instances in an Auto Scaling group, without SSH."""

import math
from collections.abc import Mapping, Sequence
from typing import Literal

from constructs_lib.host_template import HostTemplate
from constructs_lib.launch_hook import LaunchHook, initial_hook
from constructs_lib.named_network import NamedNetwork
from constructs_lib.network import Network
from constructs_lib.place import place_of
from constructs_lib.policy import Statement, assumed_by
from constructs_lib.role import Role
from constructs_lib.security_group import SecurityGroup

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.autoscaling_group import (
    AutoscalingGroup,
    AutoscalingGroupInstanceMaintenancePolicy,
    AutoscalingGroupLaunchTemplate,
    AutoscalingGroupTag,
)
from cdktf_cdktf_provider_aws.autoscaling_policy import (
    AutoscalingPolicy,
    AutoscalingPolicyTargetTrackingConfiguration,
    AutoscalingPolicyTargetTrackingConfigurationPredefinedMetricSpecification,
)
from cdktf_cdktf_provider_aws.iam_instance_profile import IamInstanceProfile
from constructs import Construct

METRICS = (
    "GroupDesiredCapacity",
    "GroupInServiceInstances",
    "GroupMaxSize",
    "GroupMinSize",
    "GroupPendingInstances",
    "GroupStandbyInstances",
    "GroupTerminatingInstances",
    "GroupTotalInstances",
)

DAY = 24 * 60 * 60  # seconds

SESSION_MANAGER = Statement(
    actions=[
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    ],
    resources=["*"],
    reason="no resource-level permissions; AWS's managed policy would also allow every parameter",
)
"""docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html"""


class HostGroup(Construct):
    """Amazon Linux 2023 hosts behind a load balancer, scaled by their average CPU.

    Auto Scaling replaces a host that fails EC2's status checks. The load balancer's health checks do not
    count here: a host without a release would be replaced over and over. CodeDeploy and the alarms judge
    the release. A changed launch template applies to new hosts; running hosts keep theirs until they are
    replaced, by ``slipway hosts renew`` or at ``max_age_days``. A host is terminated only once its
    replacement is in service, so meanwhile there is one host more than desired.

    name: the hosts' tag ``Name``, the launch template's name, and the prefix of the group's name.
    network: its private subnets hold the hosts, which may connect to port 443 of whatever it lets them
        reach: any address, or AWS's services only.
    load_balancer_security_group_id: the only source that may reach the hosts, and only on ``port``.
    load_balancer_egress_rule: whether that group gets a rule to connect to the hosts. Default: yes.
    port: the TCP port that the hosts listen on.
    target_group_arns: the target groups that the hosts are registered with.
    architecture: selects the AMI; must match the instance type.
    instance_type: such as ``t4g.small``.
    minimum, maximum: the limits between which Auto Scaling sets the number of hosts.
    desired: how many hosts there are at first; later applies do not change it. Default: the minimum.
    role_name: the name of the hosts' role, public as ``role``, and of its instance profile. The role
        allows Session Manager, and what is granted to it.
    user_data, aws_access, root_volume_gib, detailed_monitoring: see ``HostTemplate``. Default: as there.
    tags: on hosts and their volumes, which do not get a stack's own tags.
    cpu_target_percent: the average CPU, in percent, that Auto Scaling keeps. Default: 60.
    max_age_days: Auto Scaling replaces a host that is older, 1 to 365 days. Default: none, never.
    launch_hook: the name of the lifecycle hook that a new host waits at until its ``user_data`` completes
        it; see ``LaunchHook``. Default: none, no hook.

    >>> key = Key(stack, "key", description="Logs.", alias="alias/logs")
    >>> network = Network(stack, "network", name="my-app", cidr="10.20.0.0/16", zones=2, nat="single",
    ...     log_group=LogGroup(stack, "flow-log", name="/my-app/flow-logs", key=key),
    ...     flow_log_role_name="my-app-flow-logs")
    >>> hosts = HostGroup(stack, "hosts", name="my-app", network=network, port=8080,
    ...     load_balancer_security_group_id="sg-1", target_group_arns=[], architecture="arm64",
    ...     instance_type="t4g.small", minimum=2, maximum=4, role_name="my-app-host",
    ...     user_data="#!/bin/bash", tags={"service": "my-app"})
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        network: Network | NamedNetwork,
        load_balancer_security_group_id: str,
        target_group_arns: Sequence[str],
        port: int,
        architecture: Literal["x86_64", "arm64"],
        instance_type: str,
        minimum: int,
        maximum: int,
        role_name: str,
        user_data: str,
        tags: Mapping[str, str],
        desired: int | None = None,
        load_balancer_egress_rule: bool = True,
        aws_access: bool = False,
        cpu_target_percent: int = 60,
        root_volume_gib: int = 30,
        detailed_monitoring: bool = True,
        max_age_days: int | None = None,
        launch_hook: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        self._name = name
        self._launch_hook = launch_hook
        self._max_age_days = max_age_days
        self._tags = {**tags, "Name": name}
        self.role = self._role(role_name)
        self.instance_profile = IamInstanceProfile(
            self, "instance-profile", name=role_name, role=self.role.resource.name
        )
        self.security_group = self._security_group(network)
        self.security_group.allow_from_group(
            load_balancer_security_group_id, port, egress_rule=load_balancer_egress_rule
        )
        network.let_out(self.security_group)
        self.security_group_id = self.security_group.id
        self.template = HostTemplate(
            self,
            "template",
            name=name,
            architecture=architecture,
            instance_type=instance_type,
            instance_profile_arn=self.instance_profile.arn,
            security_group_id=self.security_group_id,
            user_data=user_data,
            tags=self._tags,
            aws_access=aws_access,
            root_volume_gib=root_volume_gib,
            detailed_monitoring=detailed_monitoring,
        )
        self.auto_scaling_group = self._auto_scaling_group(
            network, target_group_arns, minimum, maximum, minimum if desired is None else desired
        )
        self.auto_scaling_group_name = self.auto_scaling_group.name
        self.scaling = self._scaling(cpu_target_percent)
        if launch_hook:
            self.launch_hook = LaunchHook(
                self, "launch-hook", name=launch_hook, auto_scaling_group=self.auto_scaling_group_name
            )

    def _role(self, name: str) -> Role:
        role = Role(
            self,
            "role",
            name=name,
            description=f"What the hosts of {self._name} may do.",
            trust=assumed_by("ec2.amazonaws.com"),
        )
        role.allow("session-manager", SESSION_MANAGER)
        if self._launch_hook:
            role.allow("complete-launch", *LaunchHook.completion(place_of(self), self._name))
        return role

    def _security_group(self, network: Network | NamedNetwork) -> SecurityGroup:
        return SecurityGroup(
            self,
            "security-group",
            name=f"{self._name}-hosts",
            description="The hosts.",
            vpc_id=network.vpc_id,
        )

    def _auto_scaling_group(
        self,
        network: Network | NamedNetwork,
        target_group_arns: Sequence[str],
        minimum: int,
        maximum: int,
        desired: int,
    ) -> AutoscalingGroup:
        return AutoscalingGroup(
            self,
            "auto-scaling-group",
            name_prefix=f"{self._name}-",
            min_size=minimum,
            max_size=maximum,
            desired_capacity=desired,
            vpc_zone_identifier=network.private_subnet_ids,
            target_group_arns=list(target_group_arns),
            # The version number, not $Latest, so that a plan shows that new hosts will differ.
            launch_template=AutoscalingGroupLaunchTemplate(
                id=self.template.id, version=self.template.latest_version
            ),
            health_check_type="EC2",
            health_check_grace_period=300,
            default_instance_warmup=300,
            enabled_metrics=list(METRICS),
            metrics_granularity="1Minute",
            # Hosts become healthy only with the first release, so Terraform must not wait for them.
            wait_for_capacity_timeout="0",
            # Launch before terminating: a new host is in service before the old one is terminated. The
            # maximum leaves room for one host more than the minimum, however AWS rounds.
            # (autoscaling/ec2/userguide/instance-maintenance-policy-overview-and-considerations.html)
            instance_maintenance_policy=AutoscalingGroupInstanceMaintenancePolicy(
                min_healthy_percentage=100, max_healthy_percentage=100 + math.ceil(100 / minimum)
            ),
            max_instance_lifetime=self._max_age_days * DAY if self._max_age_days else None,
            initial_lifecycle_hook=[initial_hook(self._launch_hook)] if self._launch_hook else None,
            tag=[
                AutoscalingGroupTag(key=key, value=value, propagate_at_launch=True)
                for key, value in sorted(self._tags.items())
            ],
            lifecycle=TerraformResourceLifecycle(
                create_before_destroy=True,
                # CodeDeploy suspends processes during a deployment; an apply would resume them. A changed
                # initial hook would replace the group.
                ignore_changes=["desired_capacity", "suspended_processes", "initial_lifecycle_hook"],
            ),
            # A host downloads packages as soon as it starts.
            depends_on=[*network.way_out, *self.role.grants],
        )

    def _scaling(self, cpu_target_percent: int) -> AutoscalingPolicy:
        average_cpu = AutoscalingPolicyTargetTrackingConfigurationPredefinedMetricSpecification(
            predefined_metric_type="ASGAverageCPUUtilization"
        )
        return AutoscalingPolicy(
            self,
            "scaling",
            name=f"{self._name}-cpu",
            autoscaling_group_name=self.auto_scaling_group_name,
            policy_type="TargetTrackingScaling",
            target_tracking_configuration=AutoscalingPolicyTargetTrackingConfiguration(
                predefined_metric_specification=average_cpu, target_value=cpu_target_percent
            ),
        )
