"""CodeDeploy applications and deployment groups that can be changed and deleted, and read back correctly.

API_UpdateDeploymentGroup, API_DeleteDeploymentGroup, API_DeleteApplication: moto has none of them.
API_DeploymentGroupInfo: moto drops the alarms, returns Auto Scaling groups without the hooks that AWS adds to
them, and returns empty structures for fields that were not given.
"""

from collections.abc import Callable
from typing import Any  # what moto keeps is JSON

from moto.codedeploy import responses
from moto.codedeploy.exceptions import CodeDeployException
from moto.codedeploy.models import DeploymentGroup
from moto.codedeploy.responses import CodeDeployResponse
from moto.core.responses import ActionResult, EmptyResult

from local.emulator.gaps import codedeploy_configs
from local.emulator.gaps.patching import add, wrap

FIELDS = {
    "alarmConfiguration": "alarm_configuration",
    "autoRollbackConfiguration": "auto_rollback_configuration",
    "autoScalingGroups": "auto_scaling_groups",
    "deploymentConfigName": "deployment_config_name",
    "deploymentStyle": "deployment_style",
    "ec2TagFilters": "ec2_tag_filters",
    "ec2DeploymentOptions": "ec2_deployment_options",
    "ec2TagSet": "ec2_tag_set",
    "loadBalancerInfo": "load_balancer_info",
    "outdatedInstancesStrategy": "outdated_instances_strategy",
    "serviceRoleArn": "service_role_arn",
    "terminationHookEnabled": "termination_hook_enabled",
    "triggerConfigurations": "trigger_configurations",
}
CAN_BE_SUSPENDED = ("AZRebalance", "InstanceRefresh", "ScheduledActions", "Terminate")
DEFAULT_STYLE = {"deploymentType": "IN_PLACE", "deploymentOption": "WITHOUT_TRAFFIC_CONTROL"}

Info = Callable[[DeploymentGroup], dict[str, Any]]


def fill() -> None:
    """Patches moto's applications, deployment groups and deployment configurations."""
    codedeploy_configs.fill()
    wrap(responses, "_deployment_group_info", _as_aws_answers)
    add(CodeDeployResponse, delete_application, delete_deployment_group, update_deployment_group)


def _as_aws_answers(original: Info) -> Info:
    def info(group: DeploymentGroup) -> dict[str, Any]:
        answer = original(group)
        answer["alarmConfiguration"] = group.alarm_configuration
        answer["autoScalingGroups"] = [
            {
                "name": name,
                "hook": f"CodeDeploy-managed-automatic-launch-deployment-hook-{group.deployment_group_name}",
            }
            for name in group.auto_scaling_groups
        ]
        answer["ec2DeploymentOptions"] = vars(group).get("ec2_deployment_options")
        answer["deploymentStyle"] = group.deployment_style or DEFAULT_STYLE
        return {key: value for key, value in answer.items() if value not in ({}, None)}

    return info


def delete_application(self: CodeDeployResponse) -> ActionResult:
    """Deletes an application and its deployment groups; does nothing if it does not exist."""
    name: str = self._get_param("applicationName")
    self.codedeploy_backend.applications.pop(name, None)
    self.codedeploy_backend.deployment_groups.pop(name, None)
    return EmptyResult()


def delete_deployment_group(self: CodeDeployResponse) -> ActionResult:
    """Deletes a deployment group; does nothing if it does not exist."""
    groups = self.codedeploy_backend.deployment_groups.get(self._get_param("applicationName"), {})
    groups.pop(self._get_param("deploymentGroupName"), None)
    return ActionResult({"hooksNotCleanedUp": []})


def update_deployment_group(self: CodeDeployResponse) -> ActionResult:
    """Changes the given fields and leaves the others; can rename the group."""
    application: str = self._get_param("applicationName")
    name: str = self._get_param("currentDeploymentGroupName")
    group = self.codedeploy_backend.get_deployment_group(application, name)
    _check_processes(group, self._get_param("ec2DeploymentOptions") or {})
    given = {attribute: self._get_param(field) for field, attribute in FIELDS.items()}
    vars(group).update({attribute: value for attribute, value in given.items() if value is not None})
    if new_name := self._get_param("newDeploymentGroupName"):
        groups = self.codedeploy_backend.deployment_groups[application]
        group.deployment_group_name = new_name
        groups[new_name] = groups.pop(name)
    return ActionResult({"hooksNotCleanedUp": []})


def _check_processes(group: DeploymentGroup, options: dict[str, list[str]]) -> None:
    """Refuses processes that cannot be suspended, and any without Auto Scaling (API_EC2DeploymentOptions)."""
    asked = options.get("autoScalingGroupProcessesToSuspend") or []
    unknown = sorted(set(asked) - set(CAN_BE_SUSPENDED))
    if unknown or (asked and not group.auto_scaling_groups):
        words = f"Auto Scaling processes that cannot be suspended: {', '.join(unknown or asked)}"
        raise CodeDeployException("InvalidAutoScalingGroupProcessToSuspendException", words)
