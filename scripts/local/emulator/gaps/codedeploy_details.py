"""What moto does not keep of a deployment: its hosts, why it failed, what undoes it; and how it ends.

A deployment ends once. If it failed or was stopped, and it or its group says so, AWS deploys the last good
revision again, as a new deployment (codedeploy/latest/userguide, deployments-rollback-and-redeploy).
"""

import threading
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
LOCK = threading.RLock()
"""Whoever looks at deployments and then changes one holds it: requests are answered side by side."""


@dataclass
class DeploymentDetails:
    """Of one deployment. targets: as API_InstanceTarget has them, by their ids."""

    targets: dict[str, dict[str, Any]] = field(default_factory=dict)
    error: Mapping[str, str] = field(default_factory=dict)
    rollback: Mapping[str, str] = field(default_factory=dict)
    previous: Mapping[str, Any] = field(default_factory=dict)


def details_of(deployment: DeploymentInfo) -> DeploymentDetails:
    """What is kept beside moto's own record."""
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
    """The one that was deployed well last; the newest deployment comes first.

    What brings a new host up to date says nothing of it: it may end after a release that it began before.
    """
    whole = (deployment for deployment in deployments if deployment.creator != BY_AUTO_SCALING)
    return next((each.revision for each in whole if each.status == SUCCEEDED), {})


def take_targets(deployment: DeploymentInfo, targets: Iterable[dict[str, Any]]) -> None:
    """Takes what is said of hosts, and counts them anew."""
    kept = details_of(deployment).targets
    kept.update({target["targetId"]: target for target in targets})
    counted = Counter(each["status"] for each in kept.values())
    deployment.deployment_overview = {status: counted[status] for status in deployment.deployment_overview}


def begin(deployment: DeploymentInfo, status: str) -> None:
    """It is under way."""
    deployment.status = status
    deployment.start_time = deployment.start_time or utcnow()


def end(deployment: DeploymentInfo, status: str, error: Mapping[str, str]) -> None:
    """Ends it: hosts that it has not come to are skipped."""
    deployment.status, deployment.complete_time = status, utcnow()
    course = details_of(deployment)
    course.error = error
    waiting = [target for target in course.targets.values() if target["status"] == "Pending"]
    take_targets(deployment, [each | {"status": "Skipped"} for each in waiting])


def goes_back(deployment: DeploymentInfo, event: str) -> bool:
    """Whether the last good revision follows such an end by itself; what undoes another is not undone."""
    asked = deployment.auto_rollback_configuration or {}
    events = asked.get("events") or []
    return bool(asked.get("enabled")) and event in events and deployment.creator != BY_CODEDEPLOY


def go_back(backend: CodeDeployBackend, undone: DeploymentInfo) -> None:
    """Creates the deployment of the last good revision, if there is one."""
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
