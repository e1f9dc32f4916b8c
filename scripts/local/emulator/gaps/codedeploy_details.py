"""Keeps what moto does not keep of a deployment: its hosts, its error, its rollback; and ends deployments.

If a deployment failed or was stopped, and it or its group is configured so, AWS deploys the last successful
revision again as a new deployment (codedeploy/latest/userguide, deployments-rollback-and-redeploy).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any  # what the API answers is JSON

from moto.codedeploy.models import CodeDeployBackend, DeploymentInfo
from moto.core.utils import utcnow

CREATED, IN_PROGRESS, SUCCEEDED, FAILED, STOPPED = "Created", "InProgress", "Succeeded", "Failed", "Stopped"
ACTIVE = (CREATED, "Queued", IN_PROGRESS, "Baking", "Ready")
ENDED = (SUCCEEDED, FAILED, STOPPED)
ON_FAILURE, ON_ALARM = "DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"
BY_CODEDEPLOY, BY_AUTO_SCALING = "codeDeployRollback", "autoscaling"
NOTHING_TO_GO_BACK_TO = "There is no previous successful deployment to roll back to."


@dataclass
class DeploymentDetails:
    """The details of one deployment. targets: API_InstanceTarget by id."""

    targets: dict[str, dict[str, Any]] = field(default_factory=dict)
    error: Mapping[str, str] = field(default_factory=dict)
    rollback: Mapping[str, str] = field(default_factory=dict)
    previous: Mapping[str, Any] = field(default_factory=dict)


def details_of(deployment: DeploymentInfo) -> DeploymentDetails:
    """The details of a deployment, kept beside moto's own record."""
    kept: DeploymentDetails = vars(deployment).setdefault("course", DeploymentDetails())
    return kept


def of_group(backend: CodeDeployBackend, application: str, group: str) -> list[DeploymentInfo]:
    """A group's deployments, the newest first."""
    return [
        deployment
        for deployment in reversed(backend.deployments.values())
        if (deployment.application_name, deployment.deployment_group_name) == (application, group)
    ]


def last_revision(deployments: Iterable[DeploymentInfo]) -> dict[str, Any]:
    """The revision of the last successful deployment; deployments: the newest first.

    Deployments to new hosts do not count: such a one can end after a release that began later.
    """
    whole = (deployment for deployment in deployments if deployment.creator != BY_AUTO_SCALING)
    return next((deployment.revision for deployment in whole if deployment.status == SUCCEEDED), {})


def take_targets(deployment: DeploymentInfo, targets: Iterable[dict[str, Any]]) -> None:
    """Stores the reported targets and counts all targets by status again."""
    kept = details_of(deployment).targets
    kept.update({target["targetId"]: target for target in targets})
    counted = Counter(target["status"] for target in kept.values())
    deployment.deployment_overview = {status: counted[status] for status in deployment.deployment_overview}


def begin(deployment: DeploymentInfo, status: str) -> None:
    """Marks a deployment as in progress."""
    deployment.status = status
    deployment.start_time = deployment.start_time or utcnow()


def end(deployment: DeploymentInfo, status: str, error: Mapping[str, str]) -> None:
    """Ends a deployment; targets that are still pending are skipped."""
    deployment.status, deployment.complete_time = status, utcnow()
    course = details_of(deployment)
    course.error = error
    waiting = [target for target in course.targets.values() if target["status"] == "Pending"]
    take_targets(deployment, [target | {"status": "Skipped"} for target in waiting])


def goes_back(deployment: DeploymentInfo, event: str) -> bool:
    """Whether the deployment is rolled back automatically after this event; a rollback never is."""
    asked = deployment.auto_rollback_configuration or {}
    events = asked.get("events") or []
    return bool(asked.get("enabled")) and event in events and deployment.creator != BY_CODEDEPLOY


def go_back(backend: CodeDeployBackend, undone: DeploymentInfo) -> None:
    """Creates the rollback to the last successful revision, if there is one."""
    application, group = undone.application_name, undone.deployment_group_name
    revision = last_revision(of_group(backend, application, group))
    if not revision:
        details_of(undone).rollback = {"rollbackMessage": NOTHING_TO_GO_BACK_TO}
        return
    made = backend.create_deployment(application, group, revision)
    follower = backend.get_deployment(made)
    follower.creator = BY_CODEDEPLOY
    details_of(undone).rollback = {"rollbackDeploymentId": made}
    details_of(follower).rollback = {"rollbackTriggeringDeploymentId": undone.deployment_id}
