"""Deployments run one at a time in their group, can be stopped, and return how they ended.

API_CreateDeployment: a group with an active deployment accepts no other; ids look like d-A1B2C3D4E.
API_StopDeployment: moto does not have it. API_DeploymentInfo, API_DeploymentGroupInfo: moto returns no
rollback, no error, and no last deployments of a group. API_ListDeployments: newest first, in pages.
"""

import secrets
import string
from collections.abc import Callable, Mapping
from typing import Any  # what moto keeps is JSON

from moto.codedeploy import responses
from moto.codedeploy.exceptions import CodeDeployException
from moto.codedeploy.models import CodeDeployBackend, DeploymentInfo
from moto.codedeploy.responses import CodeDeployResponse
from moto.core.responses import ActionResult

from local.emulator.gaps.codedeploy_alarms import heed
from local.emulator.gaps.codedeploy_details import (
    ACTIVE,
    BY_AUTO_SCALING,
    ENDED,
    STOPPED,
    SUCCEEDED,
    details_of,
    end,
    go_back,
    last_revision,
    of_group,
)
from local.emulator.gaps.patching import add, page, wrap

PAGE = 100
LETTERS = string.ascii_uppercase + string.digits
BY_HAND = {"code": "MANUAL_STOP", "message": "The deployment was stopped by a user."}

Create = Callable[..., str]
Info = Callable[[DeploymentInfo], dict[str, Any]]
Answer = Callable[[CodeDeployResponse], ActionResult]


def fill() -> None:
    """Patches moto's deployments and adds StopDeployment."""
    wrap(CodeDeployBackend, "create_deployment", _one_at_a_time)
    wrap(CodeDeployResponse, "create_deployment", _unless_an_alarm_is_on)
    wrap(responses, "_deployment_info", _with_its_course)
    wrap(CodeDeployResponse, "get_deployment_group", _with_its_last_deployments)
    wrap(CodeDeployResponse, "list_deployments", _newest_first)
    add(CodeDeployResponse, stop_deployment)


def _one_at_a_time(original: Create) -> Create:
    def create_deployment(
        self: CodeDeployBackend,
        application_name: str,
        deployment_group_name: str,
        *others: object,
        creator: str = "user",
        **named: object,
    ) -> str:
        before = of_group(self, application_name, deployment_group_name)
        if creator != BY_AUTO_SCALING:
            _refuse_a_second(before)
        made = self.deployments.pop(original(self, application_name, deployment_group_name, *others, **named))
        made.creator = creator
        made.deployment_id = f"d-{''.join(secrets.choice(LETTERS) for _ in range(9))}"
        made.auto_rollback_configuration = (
            made.auto_rollback_configuration or made.deployment_group.auto_rollback_configuration
        )
        details_of(made).previous = last_revision(before)
        self.deployments[made.deployment_id] = made
        return made.deployment_id

    return create_deployment


def _refuse_a_second(before: list[DeploymentInfo]) -> None:
    for deployment in before:
        if deployment.status in ACTIVE:
            raise CodeDeployException(
                "DeploymentLimitExceededException",
                f"The Deployment Group '{deployment.deployment_group_name}' already has an active Deployment "
                f"'{deployment.deployment_id}'",
            )


def _unless_an_alarm_is_on(original: Answer) -> Answer:
    def create_deployment(self: CodeDeployResponse) -> ActionResult:
        answer = original(self)
        made: str = answer.result["deploymentId"]  # type: ignore[index]  # JSON
        heed(self.codedeploy_backend, self.codedeploy_backend.get_deployment(made))
        return answer

    return create_deployment


def _with_its_course(original: Info) -> Info:
    def info(deployment: DeploymentInfo) -> dict[str, Any]:
        course = details_of(deployment)
        answer = original(deployment) | {
            "errorInformation": course.error,
            "rollbackInfo": course.rollback,
            "previousRevision": course.previous,
        }
        return {key: value for key, value in answer.items() if value not in ({}, None)}

    return info


def _with_its_last_deployments(original: Answer) -> Answer:
    def get_deployment_group(self: CodeDeployResponse) -> ActionResult:
        info: dict[str, Any] = original(self).result["deploymentGroupInfo"]  # type: ignore[index]  # JSON
        deployments = of_group(self.codedeploy_backend, info["applicationName"], info["deploymentGroupName"])
        last = {
            "lastSuccessfulDeployment": _summary(deployments, (SUCCEEDED,)),
            "lastAttemptedDeployment": _summary(deployments, (*ACTIVE, *ENDED)),
            "targetRevision": last_revision(deployments),
        }
        known = {key: value for key, value in last.items() if value}
        return ActionResult({"deploymentGroupInfo": info | known})

    return get_deployment_group


def _summary(deployments: list[DeploymentInfo], statuses: tuple[str, ...]) -> Mapping[str, Any]:
    """API_LastDeploymentInfo of the newest deployment that is in one of the statuses."""
    for deployment in deployments:
        if deployment.status in statuses:
            times = {"createTime": deployment.create_time, "endTime": deployment.complete_time}
            return {"deploymentId": deployment.deployment_id, "status": deployment.status, **times}
    return {}


def _newest_first(original: Answer) -> Answer:
    def list_deployments(self: CodeDeployResponse) -> ActionResult:
        found: list[str] = original(self).result["deployments"]  # type: ignore[index]  # the oldest first
        return ActionResult(page(self, "deployments", found[::-1], PAGE))

    return list_deployments


def stop_deployment(self: CodeDeployResponse) -> ActionResult:
    """Stops a deployment: its hosts finish the running event and begin no other."""
    deployment = self.codedeploy_backend.get_deployment(self._get_param("deploymentId"))
    if deployment.status in ENDED:
        words = f"Deployment {deployment.deployment_id} is already completed"
        raise CodeDeployException("DeploymentAlreadyCompletedException", words)
    end(deployment, STOPPED, BY_HAND)
    if self._get_bool_param("autoRollbackEnabled"):
        go_back(self.codedeploy_backend, deployment)
    return ActionResult({"status": "Succeeded", "statusMessage": "No more commands are sent to hosts."})
