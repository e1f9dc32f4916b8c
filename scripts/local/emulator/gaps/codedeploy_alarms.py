"""Alarms that stop deployments: of the deployment's own configuration, or else its group's.

One that is on stops what begins and what is under way (codedeploy/latest/userguide, monitoring-create-
alarms). What CodeDeploy deploys to go back is not stopped: nothing would be left that could turn it off.
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
    """Stops a deployment of which an alarm is on."""
    if deployment.status in ENDED or deployment.creator == BY_CODEDEPLOY:
        return
    if alarm := _that_is_on(backend, deployment):
        error = {"code": ACTIVE_ALARM, "message": f"One or more alarms have been activated: {alarm}"}
        end(deployment, STOPPED, error)
        if goes_back(deployment, ON_ALARM):
            go_back(backend, deployment)


def _that_is_on(backend: CodeDeployBackend, deployment: DeploymentInfo) -> str:
    """The name of the first; empty if there is none."""
    own: Any = deployment.override_alarm_configuration
    configuration: Any = deployment.deployment_group.alarm_configuration if own is None else own
    if not (configuration and configuration.get("enabled")):
        return ""
    alarms = cloudwatch_backends[backend.account_id][backend.region_name].alarms
    names: list[str] = [alarm["name"] for alarm in configuration.get("alarms") or []]
    return next((name for name in names if name in alarms and alarms[name].state_value == "ALARM"), "")
