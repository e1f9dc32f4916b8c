"""Looks at a deployment: how it is going, as CodeDeploy has it now."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from slipway.aws.errors import code_of
from slipway.console.errors import SlipwayError
from slipway.releases.course import Course, Event, Host

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.client import CodeDeployClient
    from mypy_boto3_codedeploy.type_defs import (
        DeploymentInfoTypeDef,
        DeploymentTargetTypeDef,
        LifecycleEventTypeDef,
    )

AT_ONCE = 25  # BatchGetDeploymentTargets takes no more
NO_SUCH_DEPLOYMENT = {"DeploymentDoesNotExistException", "InvalidDeploymentIdException"}
NO_SUCH_HOST = {"DeploymentTargetDoesNotExistException", "InstanceDoesNotExistException"}


def look(codedeploy: "CodeDeployClient", id: str) -> Course:
    """The deployment as it is now. Raises SlipwayError if there is none of this id."""
    try:
        info = codedeploy.get_deployment(deploymentId=id)["deploymentInfo"]
    except ClientError as error:
        if code_of(error) not in NO_SUCH_DEPLOYMENT:
            raise
        then = "slipway status names what runs and what is under way; without an id, slipway watch finds it"
        raise SlipwayError(f"there is no deployment {id}", then=then) from None
    return parse(info, tuple(map(parse_host, _targets(codedeploy, id))))


def parse(info: "DeploymentInfoTypeDef", hosts: tuple[Host, ...] = ()) -> Course:
    """A deployment from CodeDeploy's answer."""
    error, rollback = info.get("errorInformation", {}), info.get("rollbackInfo", {})
    return Course(
        id=info["deploymentId"],
        group=info.get("deploymentGroupName", ""),
        status=info["status"],
        created=info["createTime"],
        completed=info.get("completeTime"),
        description=info.get("description", ""),
        error_code=error.get("code", ""),
        error=error.get("message", ""),
        followed_by=rollback.get("rollbackDeploymentId", ""),
        rollback_message=rollback.get("rollbackMessage", ""),
        hosts=hosts,
    )


def parse_host(target: "DeploymentTargetTypeDef") -> Host:
    """A host from CodeDeploy's answer."""
    instance = target.get("instanceTarget", {})
    return Host(
        id=instance.get("targetId", "").rpartition("/")[2],
        status=instance.get("status", "Unknown"),
        events=tuple(_event(each) for each in instance.get("lifecycleEvents", ())),
    )


def _event(event: "LifecycleEventTypeDef") -> Event:
    said = event.get("diagnostics", {})
    return Event(
        name=event.get("lifecycleEventName", ""),
        status=event.get("status", "Unknown"),
        started=event.get("startTime"),
        ended=event.get("endTime"),
        script=said.get("scriptName", ""),
        message=said.get("message", ""),
        log=said.get("logTail", ""),
    )


def _targets(codedeploy: "CodeDeployClient", id: str) -> "Iterator[DeploymentTargetTypeDef]":
    try:
        pages = codedeploy.get_paginator("list_deployment_targets").paginate(deploymentId=id)
        ids = [each for page in pages for each in page["targetIds"]]
    except ClientError as error:
        if code_of(error) == "DeploymentNotStartedException":
            return
        raise
    for start in range(0, len(ids), AT_ONCE):
        yield from _some(codedeploy, id, ids[start : start + AT_ONCE])


def _some(codedeploy: "CodeDeployClient", id: str, targets: Sequence[str]) -> "list[DeploymentTargetTypeDef]":
    """The targets; where one has gone since they were listed, the others one by one."""
    try:
        answer = codedeploy.batch_get_deployment_targets(deploymentId=id, targetIds=list(targets))
    except ClientError as error:
        if code_of(error) not in NO_SUCH_HOST:
            raise
        if len(targets) == 1:
            return []
        return [found for each in targets for found in _some(codedeploy, id, [each])]
    return answer["deploymentTargets"]
