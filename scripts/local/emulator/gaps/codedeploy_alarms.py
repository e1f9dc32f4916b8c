"""Alarms that stop deployments: the deployment's own, or else its group's.

An alarm in ALARM stops deployments in progress and new ones (codedeploy/latest/userguide,
monitoring-create-alarms). CodeDeploy's rollbacks are not stopped: otherwise the alarm could not recover.
"""

from typing import Any  # an alarm configuration is JSON

from moto.cloudwatch.models import cloudwatch_backends
from moto.codedeploy.models import CodeDeployBackend, DeploymentInfo

from local.emulator.gaps.codedeploy_details import (
    BY_CODEDEPLOY,
    ENDED,
    ON_ALARM,
    STOPPED,
    end,
    go_back,
    goes_back,
)

ACTIVE_ALARM = "ALARM_ACTIVE"


def heed(backend: CodeDeployBackend, deployment: DeploymentInfo) -> None:
    """Stops a deployment if one of its alarms is in ALARM, and starts its rollback if configured."""
    if deployment.status in ENDED or deployment.creator == BY_CODEDEPLOY:
        return
    if alarm := _that_is_on(backend, deployment):
        error = {"code": ACTIVE_ALARM, "message": f"One or more alarms have been activated: {alarm}"}
        end(deployment, STOPPED, error)
        if goes_back(deployment, ON_ALARM):
            go_back(backend, deployment)


def _that_is_on(backend: CodeDeployBackend, deployment: DeploymentInfo) -> str:
    """The name of the first alarm in ALARM; "" if there is none."""
    own: Any = deployment.override_alarm_configuration
    configuration: Any = deployment.deployment_group.alarm_configuration if own is None else own
    if not (configuration and configuration.get("enabled")):
        return ""
    alarms = cloudwatch_backends[backend.account_id][backend.region_name].alarms
    names: list[str] = [alarm["name"] for alarm in configuration.get("alarms") or []]
    return next((name for name in names if name in alarms and alarms[name].state_value == "ALARM"), "")
