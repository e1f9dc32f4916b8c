"""The hosts of a deployment with their lifecycle events and the output of their scripts.

API_ListDeploymentTargets, API_BatchGetDeploymentTargets, API_GetDeploymentTarget: moto has none of them.
Hosts and their progress are known after they are reported (codedeploy_reports.py).
"""

from typing import Any  # a target is JSON

from moto.codedeploy.exceptions import CodeDeployException
from moto.codedeploy.models import DeploymentInfo
from moto.codedeploy.responses import CodeDeployResponse
from moto.core.responses import ActionResult

from local.emulator.gaps.codedeploy_details import CREATED, details_of
from local.emulator.gaps.patching import add, page

PAGE = BATCH = 25


def fill() -> None:
    """Adds the operations on deployment targets to moto."""
    add(CodeDeployResponse, list_deployment_targets, batch_get_deployment_targets, get_deployment_target)


def list_deployment_targets(self: CodeDeployResponse) -> ActionResult:
    """The ids of a deployment's hosts, a page at a time; the request can filter by status."""
    wanted = (self._get_param("targetFilters") or {}).get("TargetStatus")
    targets = details_of(_begun(self)).targets.values()
    found = [target["targetId"] for target in targets if not wanted or target["status"] in wanted]
    return ActionResult(page(self, "targetIds", found, PAGE))


def batch_get_deployment_targets(self: CodeDeployResponse) -> ActionResult:
    """Up to 25 of a deployment's hosts."""
    wanted: list[str] = self._get_param("targetIds") or []
    if len(wanted) > BATCH:
        raise CodeDeployException("DeploymentTargetListSizeExceededException", f"At most {BATCH} at once")
    deployment = _begun(self)
    return ActionResult({"deploymentTargets": [_target(deployment, target) for target in wanted]})


def get_deployment_target(self: CodeDeployResponse) -> ActionResult:
    """One of a deployment's hosts."""
    return ActionResult({"deploymentTarget": _target(_begun(self), self._get_param("targetId"))})


def _begun(self: CodeDeployResponse) -> DeploymentInfo:
    deployment = self.codedeploy_backend.get_deployment(self._get_param("deploymentId"))
    if deployment.status in (CREATED, "Queued"):
        words = f"The deployment {deployment.deployment_id} has not started"
        raise CodeDeployException("DeploymentNotStartedException", words)
    return deployment


def _target(deployment: DeploymentInfo, wanted: str) -> dict[str, Any]:
    found = details_of(deployment).targets.get(wanted)
    if found is None:
        words = f"The deployment {deployment.deployment_id} has no target {wanted}"
        raise CodeDeployException("DeploymentTargetDoesNotExistException", words)
    target = {**found, "deploymentId": deployment.deployment_id}
    return {"deploymentTargetType": "InstanceTarget", "instanceTarget": target}
