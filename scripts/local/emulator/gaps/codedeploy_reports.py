"""Receives reports on a deployment's hosts from the program that simulates CodeDeploy.

AWS has no API for this. It is a path beside CodeDeploy's own, in the format of API_DeploymentInfo and
API_InstanceTarget; local.emulator.deployment_reports sends the reports.
"""

from typing import Any  # a report is JSON

from moto.codedeploy.models import CodeDeployBackend, DeploymentInfo, codedeploy_backends

from local.emulator.deployment_reports import NEW_HOSTS, PATH
from local.emulator.gaps.codedeploy_alarms import heed
from local.emulator.gaps.codedeploy_details import (
    BY_AUTO_SCALING,
    ENDED,
    FAILED,
    ON_FAILURE,
    begin,
    details_of,
    end,
    go_back,
    goes_back,
    last_revision,
    of_group,
    take_targets,
)
from local.emulator.gaps.patching import hear


def fill() -> None:
    """Serves the paths for reports."""
    hear(PATH, take)
    hear(NEW_HOSTS, deploy_to_new_hosts)


def take(account: str, report: dict[str, Any]) -> dict[str, str]:
    """Stores one report; returns the deployment's status and its rollback."""
    backend = codedeploy_backends[account][report["region"]]
    deployment = backend.get_deployment(report["deploymentId"])
    take_targets(deployment, report["targets"])
    _take_info(backend, deployment, report["info"])
    heed(backend, deployment)
    return {"status": deployment.status, **details_of(deployment).rollback}


def deploy_to_new_hosts(account: str, asked: dict[str, str]) -> dict[str, str]:
    """Creates CodeDeploy's deployment to a new host, even while another is in progress.

    It deploys the last successful revision, not one being deployed now; without one there is no deployment
    (codedeploy/latest/userguide/integrations-aws-auto-scaling.html).
    """
    backend = codedeploy_backends[account][asked["region"]]
    revision = last_revision(of_group(backend, asked["application"], asked["group"]))
    if not revision:
        return {"deploymentId": ""}
    made = backend.create_deployment(  # type: ignore[call-arg]  # codedeploy_deployments.py takes it
        asked["application"], asked["group"], revision, creator=BY_AUTO_SCALING
    )
    return {"deploymentId": made}


def _take_info(backend: CodeDeployBackend, deployment: DeploymentInfo, info: dict[str, Any]) -> None:
    """Stores a new status, unless the deployment has ended, for example because it was stopped."""
    status: str = info.get("status", deployment.status)
    deployment.creator = info.get("creator", deployment.creator)
    if deployment.status in ENDED or status == deployment.status:
        return
    if status not in ENDED:
        begin(deployment, status)
        return
    end(deployment, status, info.get("errorInformation", {}))
    if status == FAILED and goes_back(deployment, ON_FAILURE):
        go_back(backend, deployment)
