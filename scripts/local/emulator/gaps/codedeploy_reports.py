"""How it goes on a deployment's hosts, told to the emulator by whoever plays CodeDeploy there.

Inside AWS that is nobody's to see. Here it is one path beside CodeDeploy's own, in the words of
API_DeploymentInfo and API_InstanceTarget; local.emulator.deployment_reports is how to send them.
"""

import json
import os
from typing import TYPE_CHECKING, Any  # a report is JSON

from moto.codedeploy.models import CodeDeployBackend, DeploymentInfo, codedeploy_backends
from moto.moto_api._internal import urls

from local.emulator.gaps.codedeploy_alarms import heed
from local.emulator.gaps.codedeploy_details import (
    ENDED,
    FAILED,
    LOCK,
    ON_FAILURE,
    begin,
    details_of,
    end,
    go_back,
    goes_back,
    take_targets,
)

if TYPE_CHECKING:
    from moto.core.common_types import TYPE_RESPONSE
    from werkzeug.wrappers import Request

PATH = "/moto-api/slipway/deployments"
ACCOUNT = "MOTO_ACCOUNT_ID"  # the emulator sets it before moto is imported


def fill() -> None:
    """Adds it to moto."""
    urls.url_paths.update({"{0}" + PATH: take})  # type: ignore[dict-item]  # a function, where others are methods


def take(request: "Request", _url: str, _headers: object) -> "TYPE_RESPONSE":
    """Takes one report; answers the status, and what undoes the deployment."""
    report = json.loads(request.get_data())
    backend = codedeploy_backends[os.environ[ACCOUNT]][report["region"]]
    deployment = backend.get_deployment(report["deploymentId"])
    with LOCK:
        take_targets(deployment, report["targets"])
        _take_info(backend, deployment, report["info"])
        heed(backend, deployment)
    answer = {"status": deployment.status, **details_of(deployment).rollback}
    return 200, {"Content-Type": "application/json"}, json.dumps(answer)


def _take_info(backend: CodeDeployBackend, deployment: DeploymentInfo, info: dict[str, Any]) -> None:
    """Takes a new status; what has ended stays as it is, as where somebody stopped it meanwhile."""
    status: str = info.get("status", deployment.status)
    if deployment.status in ENDED or status == deployment.status:
        return
    if status not in ENDED:
        begin(deployment, status)
        return
    end(deployment, status, info.get("errorInformation", {}))
    if status == FAILED and goes_back(deployment, ON_FAILURE):
        go_back(backend, deployment)
