"""A CodeDeploy deployment group that deploys in place, behind the load balancer, and goes back by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from constructs_lib.alarm import Alarm
from constructs_lib.role import Role

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.codedeploy_deployment_config import (
    CodedeployDeploymentConfig,
    CodedeployDeploymentConfigMinimumHealthyHosts,
    CodedeployDeploymentConfigZonalConfig,
    CodedeployDeploymentConfigZonalConfigMinimumHealthyHostsPerZone,
)
from cdktf_cdktf_provider_aws.codedeploy_deployment_group import (
    CodedeployDeploymentGroup,
    CodedeployDeploymentGroupAlarmConfiguration,
    CodedeployDeploymentGroupAutoRollbackConfiguration,
    CodedeployDeploymentGroupDeploymentStyle,
    CodedeployDeploymentGroupLoadBalancerInfo,
    CodedeployDeploymentGroupLoadBalancerInfoTargetGroupInfo,
    CodedeployDeploymentGroupTriggerConfiguration,
)
from constructs import Construct


@dataclass(frozen=True)
class MinimumHealthyHosts:
    """How many hosts, or how many percent of them, stay in service during a deployment.

    zone_seconds: if given, one Availability Zone after the other gets the release, ``value`` counts in each
        zone as well, and CodeDeploy waits this many seconds after each zone but the last. Without a value
        of its own a zone would count with 0 percent (AWS::CodeDeploy::DeploymentConfig ZonalConfig).
    """

    type: Literal["HOST_COUNT", "FLEET_PERCENT"]
    value: int
    zone_seconds: int | None = None

    def config_name(self, group: str) -> str:
        """The name of the deployment configuration, which begins with the name of the ``group`` that uses it.

        It holds the value: a configuration can neither be changed nor deleted while a group uses it,
        so another value has to be another configuration, made before the old one goes.
        """
        name = f"{group}-{self.value}-{'hosts' if self.type == 'HOST_COUNT' else 'percent'}"
        return name if self.zone_seconds is None else f"{name}-by-zone-{self.zone_seconds}"


class DeploymentGroup(Construct):
    """The hosts of one Auto Scaling group, deployed to in place.

    In place, because a blue/green deployment would replace the Auto Scaling group behind
    Terraform's back (terraform-provider-aws#4678).

    application: the CodeDeploy application, by name.
    name: 1 to 100 characters.
    role: what CodeDeploy works with; it must be able to before the group is made.
    speed: one of CodeDeploy's own configurations (``CodeDeployDefault.OneAtATime`` …), or the
        least healthy hosts, for which a configuration is made (``config_name`` says its name).
    auto_scaling_group: the name of the group whose hosts are deployed to.
    target_group: the name of the load balancer's target group that they are in.
    alarms: each stops a deployment when it goes off, and a deployment does not start while it is
        on: only alarms that are quiet before there is a first release.
    topic_arn: the SNS topic that is told of rollbacks and of hosts that failed (a deployment can succeed
        although its last host failed).

    A failed or stopped deployment is followed by one of the last good revision.

    >>> from constructs_lib.policy import assumed_by
    >>> role = Role(stack, "deploy-role", name="my-app-staging-deploy", description="Deploys.",
    ...     trust=assumed_by("codedeploy.amazonaws.com"))
    >>> group = DeploymentGroup(stack, "deployment", application="my-app", name="my-app-staging",
    ...     role=role, speed=MinimumHealthyHosts("FLEET_PERCENT", 75), auto_scaling_group="my-app-staging-1",
    ...     target_group="my-app-staging-8080", alarms=[],
    ...     topic_arn="arn:aws:sns:eu-central-1:123456789012:alerts")
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        application: str,
        name: str,
        role: Role,
        speed: str | MinimumHealthyHosts,
        auto_scaling_group: str,
        target_group: str,
        alarms: Sequence[Alarm],
        topic_arn: str,
    ) -> None:
        super().__init__(scope, id)
        self.name = name
        self.resource = CodedeployDeploymentGroup(
            self,
            "group",
            app_name=application,
            deployment_group_name=name,
            service_role_arn=role.arn,
            deployment_config_name=self._config(name, speed),
            autoscaling_groups=[auto_scaling_group],
            deployment_style=CodedeployDeploymentGroupDeploymentStyle(
                deployment_type="IN_PLACE", deployment_option="WITH_TRAFFIC_CONTROL"
            ),
            load_balancer_info=CodedeployDeploymentGroupLoadBalancerInfo(
                target_group_info=[
                    CodedeployDeploymentGroupLoadBalancerInfoTargetGroupInfo(name=target_group)
                ]
            ),
            auto_rollback_configuration=_roll_back(alarms),
            alarm_configuration=CodedeployDeploymentGroupAlarmConfiguration(
                enabled=bool(alarms), alarms=[alarm.name for alarm in alarms]
            ),
            trigger_configuration=[
                CodedeployDeploymentGroupTriggerConfiguration(
                    trigger_name="alerts",
                    trigger_events=["DeploymentRollback", "InstanceFailure"],
                    trigger_target_arn=topic_arn,
                )
            ],
            outdated_instances_strategy="UPDATE",
            depends_on=[*role.grants, *(alarm.resource for alarm in alarms)],
        )

    def _config(self, name: str, speed: str | MinimumHealthyHosts) -> str:
        if isinstance(speed, str):
            return speed
        self.config = CodedeployDeploymentConfig(
            self,
            "config",
            deployment_config_name=speed.config_name(name),
            compute_platform="Server",
            minimum_healthy_hosts=CodedeployDeploymentConfigMinimumHealthyHosts(
                type=speed.type, value=speed.value
            ),
            zonal_config=_zonal(speed),
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        return self.config.deployment_config_name


def _zonal(speed: MinimumHealthyHosts) -> CodedeployDeploymentConfigZonalConfig | None:
    if speed.zone_seconds is None:
        return None
    return CodedeployDeploymentConfigZonalConfig(
        monitor_duration_in_seconds=speed.zone_seconds,
        minimum_healthy_hosts_per_zone=CodedeployDeploymentConfigZonalConfigMinimumHealthyHostsPerZone(
            type=speed.type, value=speed.value
        ),
    )


def _roll_back(alarms: Sequence[Alarm]) -> CodedeployDeploymentGroupAutoRollbackConfiguration:
    events = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST"]
    if alarms:
        events.append("DEPLOYMENT_STOP_ON_ALARM")
    return CodedeployDeploymentGroupAutoRollbackConfiguration(enabled=True, events=events)
