"""A CodeDeploy deployment group: in-place deployments behind a load balancer, with automatic rollback."""

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
    """How many hosts, or what percentage of them, stay in service during a deployment.

    type: ``HOST_COUNT`` or ``FLEET_PERCENT``.
    value: the number of hosts, or the percentage.
    zone_seconds: if given, CodeDeploy deploys to one Availability Zone after the other and waits this many
        seconds after every zone but the last; ``value`` then applies to each zone too, whose own default
        would be 0 percent (AWS::CodeDeploy::DeploymentConfig ZonalConfig). Default: none, no zones.
    """

    type: Literal["HOST_COUNT", "FLEET_PERCENT"]
    value: int
    zone_seconds: int | None = None

    def config_name(self, group: str) -> str:
        """Return the name of the deployment configuration for a deployment ``group``.

        The name contains the value: a configuration that a group uses can be neither changed nor deleted,
        so a new value needs a new configuration, created before the old one is deleted.
        """
        name = f"{group}-{self.value}-{'hosts' if self.type == 'HOST_COUNT' else 'percent'}"
        return name if self.zone_seconds is None else f"{name}-by-zone-{self.zone_seconds}"


class DeploymentGroup(Construct):
    """A deployment group that deploys in place to the hosts of one Auto Scaling group.

    A blue/green deployment would replace the Auto Scaling group without Terraform's knowledge
    (terraform-provider-aws#4678).

    application: the name of the CodeDeploy application.
    name: 1 to 100 characters.
    role: CodeDeploy's service role; its policies are created before the group.
    speed: one of CodeDeploy's own configurations (``CodeDeployDefault.OneAtATime`` …), or the minimum of
        healthy hosts, for which a configuration is created (see ``MinimumHealthyHosts.config_name``).
    auto_scaling_group: the name of the Auto Scaling group to deploy to.
    target_group: the name of the load balancer's target group that its hosts are in.
    alarms: a deployment stops when one of them goes to ALARM, and none can start meanwhile. Name only
        alarms that are OK before the first release.
    topic_arn: the SNS topic that receives rollbacks and failed hosts (a deployment can succeed although
        its last host failed).

    If a deployment fails or is stopped, CodeDeploy deploys the last good revision again.

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
