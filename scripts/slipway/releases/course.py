"""How a deployment is going: its hosts, each with its lifecycle events, as CodeDeploy has them now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from slipway.aws.explain import code_of

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.client import CodeDeployClient
    from mypy_boto3_codedeploy.type_defs import (
        DeploymentInfoTypeDef,
        DeploymentTargetTypeDef,
        LifecycleEventTypeDef,
    )

AT_ONCE = 25  # BatchGetDeploymentTargets takes no more
SUCCEEDED, FAILED, GONE = "Succeeded", "Failed", "gone"
ENDED = (SUCCEEDED, FAILED, "Stopped")
NO_SUCH_HOST = {"DeploymentTargetDoesNotExistException", "InstanceDoesNotExistException"}


@dataclass(frozen=True, kw_only=True)
class Event:
    """One lifecycle event on one host; script, message and log are of what failed there."""

    name: str
    status: str
    started: datetime | None = None
    ended: datetime | None = None
    script: str = ""
    message: str = ""
    log: str = ""

    @property
    def seconds(self) -> float | None:
        """How long it took, once it has ended."""
        return (self.ended - self.started).total_seconds() if self.started and self.ended else None


@dataclass(frozen=True, kw_only=True)
class Host:
    """One host; its status is ``gone`` where it was there before and CodeDeploy knows it no more."""

    id: str
    status: str
    events: tuple[Event, ...] = ()

    @property
    def current(self) -> Event | None:
        """The event that is going on."""
        return next((each for each in self.events if each.status == "InProgress"), None)

    @property
    def failed(self) -> Event | None:
        """The event that failed first."""
        return next((each for each in self.events if each.status == FAILED), None)

    @property
    def done(self) -> int:
        """How many events are over."""
        return sum(each.status in ("Succeeded", "Failed", "Skipped") for each in self.events)


@dataclass(frozen=True, kw_only=True)
class Course:
    """A deployment as it is now. followed_by: the one that CodeDeploy made to take it back."""

    id: str
    group: str
    status: str
    created: datetime
    completed: datetime | None = None
    description: str = ""
    error_code: str = ""
    error: str = ""
    followed_by: str = ""
    rollback_message: str = ""
    hosts: tuple[Host, ...] = ()

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in ENDED

    @property
    def succeeded(self) -> bool:
        """Whether it went well."""
        return self.status == SUCCEEDED

    def count(self, status: str) -> int:
        """How many hosts have a status."""
        return sum(each.status == status for each in self.hosts)


def read(codedeploy: "CodeDeployClient", id: str) -> Course:
    """The deployment as it is now."""
    info = codedeploy.get_deployment(deploymentId=id)["deploymentInfo"]
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
