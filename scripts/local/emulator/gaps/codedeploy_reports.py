"""How it goes on a deployment's hosts, told to the emulator by whoever plays CodeDeploy there.

Inside AWS that is nobody's to see. Here it is one path beside CodeDeploy's own, in the words of
API_DeploymentInfo and API_InstanceTarget; local.emulator.deployment_reports is how to send them.
"""

from typing import Any  # a report is JSON

from moto.codedeploy.models import CodeDeployBackend, DeploymentInfo, codedeploy_backends

from local.emulator.deployment_reports import NEW_HOSTS, PATH
from local.emulator.gaps.codedeploy_alarms import heed
from local.emulator.gaps.codedeploy_details import (
    BY_AUTO_SCALING,
    ENDED,
    FAILED,
    LOCK,
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
    """Adds it to moto."""
    hear(PATH, take)
    hear(NEW_HOSTS, deploy_to_new_hosts)


def take(account: str, report: dict[str, Any]) -> dict[str, str]:
    """Takes one report; answers the status, and what undoes the deployment."""
    backend = codedeploy_backends[account][report["region"]]
    deployment = backend.get_deployment(report["deploymentId"])
    with LOCK:
        take_targets(deployment, report["targets"])
        _take_info(backend, deployment, report["info"])
        heed(backend, deployment)
    return {"status": deployment.status, **details_of(deployment).rollback}


def deploy_to_new_hosts(account: str, asked: dict[str, str]) -> dict[str, str]:
    """Creates the deployment that CodeDeploy makes by itself for a new host, beside any that is under way.

    Of the last good revision, not of the one that is being deployed; without one there is no deployment
    (codedeploy/latest/userguide/integrations-aws-auto-scaling.html).
    """
    backend = codedeploy_backends[account][asked["region"]]
    with LOCK:
        revision = last_revision(of_group(backend, asked["application"], asked["group"]))
        if not revision:
            return {"deploymentId": ""}
        made = backend.create_deployment(  # type: ignore[call-arg]  # codedeploy_deployments.py takes it
            asked["application"], asked["group"], revision, creator=BY_AUTO_SCALING
        )
    return {"deploymentId": made}


def _take_info(backend: CodeDeployBackend, deployment: DeploymentInfo, info: dict[str, Any]) -> None:
    """Takes a new status; what has ended stays as it is, as where somebody stopped it meanwhile."""
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
