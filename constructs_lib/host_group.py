"""Hosts: EC2 instances in an Auto Scaling group, ready to be released to and reached by no SSH."""

import math
from collections.abc import Mapping, Sequence
from typing import Literal

from constructs_lib.host_template import HostTemplate
from constructs_lib.launch_hook import LaunchHook, initial_hook
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
    reason="the channels know no resource; AWS's managed policy would add every parameter to it",
)
"""docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html"""


class HostGroup(Construct):
    """Amazon Linux 2023 hosts behind a load balancer, as many as their CPU asks for.

    A host that EC2 finds broken is replaced. Whether the *release* on it is well is for CodeDeploy
    and the alarms to say: with the load balancer's health checks here, a host without a release
    would be replaced for ever. A changed launch template counts for the next host; hosts that run
    stay until they are renewed: by ``slipway hosts renew``, or at ``max_age_days``. A host that is
    replaced is ended only once the new one is in service, so for a while there is one more than
    desired.

    name: the hosts' tag ``Name``, the launch template's name, and how the group's name begins.
    network: in whose private subnets they run.
    load_balancer_security_group_id: whose members alone may reach the hosts, on ``port`` alone. The
        hosts themselves reach port 443 anywhere.
    port: the TCP port that the hosts listen on.
    target_group_arns: where the hosts receive traffic from.
    architecture: decides the image, and must be the instance type's.
    instance_type: such as ``t4g.small``.
    minimum, maximum: how many hosts there are, by what load asks for.
    desired: how many there are at first; later applies leave it as it is. Default: the minimum.
    role_name: of the hosts' role, public as ``role``, and its instance profile. It lets Session
        Manager in, and what is granted to it.
    user_data, aws_access, root_volume_gib, detailed_monitoring: see ``HostTemplate``. Default: as there.
    tags: on hosts and their volumes; a stack's own tags do not reach those.
    cpu_target_percent: the average CPU that Auto Scaling adds and removes hosts for. Default: 60.
    max_age_days: Auto Scaling replaces a host that is older, 1 to 365 days. Default: None, never.
    launch_hook: the lifecycle hook that a new host waits at until its ``user_data`` completes it; see
        ``LaunchHook``. Default: None, no hook.

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
        network: Network,
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
        self.security_group = self._security_group(network, load_balancer_security_group_id, port)
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
        self.scaling = self._scaling(cpu_target_percent)
        if launch_hook:
            self.launch_hook = LaunchHook(
                self, "launch-hook", name=launch_hook, auto_scaling_group=self.auto_scaling_group.name
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

    def _security_group(self, network: Network, load_balancer: str, port: int) -> SecurityGroup:
        group = SecurityGroup(
            self,
            "security-group",
            name=f"{self._name}-hosts",
            description="The hosts.",
            vpc_id=network.vpc_id,
        )
        group.allow_from_group(load_balancer, port)
        group.allow_to_range(443, "0.0.0.0/0")
        return group

    def _auto_scaling_group(
        self, network: Network, target_group_arns: Sequence[str], minimum: int, maximum: int, desired: int
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
            # The number, not $Latest: so that a plan shows that the next host will be another.
            launch_template=AutoscalingGroupLaunchTemplate(
                id=self.template.id, version=self.template.latest_version
            ),
            health_check_type="EC2",
            health_check_grace_period=300,
            default_instance_warmup=300,
            enabled_metrics=list(METRICS),
            metrics_granularity="1Minute",
            # Hosts are healthy only once there is a release: nothing to wait for here.
            wait_for_capacity_timeout="0",
            # Launch before terminate: a new host is in service before the old one ends. Room for one more
            # than the minimum, however AWS rounds.
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
                # CodeDeploy suspends processes while it deploys; an apply would resume them. An initial hook
                # that changes would replace the group.
                ignore_changes=["desired_capacity", "suspended_processes", "initial_lifecycle_hook"],
            ),
            # The first thing that a host does is to fetch packages.
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
            autoscaling_group_name=self.auto_scaling_group.name,
            policy_type="TargetTrackingScaling",
            target_tracking_configuration=AutoscalingPolicyTargetTrackingConfiguration(
                predefined_metric_specification=average_cpu, target_value=cpu_target_percent
            ),
        )
