"""Reads CodeDeploy's deployment groups and deployments."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError
from slipway.aws.revisions import RevisionLocation, location_of
from slipway.console.errors import SlipwayError

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.type_defs import (
        DeploymentGroupInfoTypeDef,
        DeploymentInfoTypeDef,
        DeploymentTargetTypeDef,
        LifecycleEventTypeDef,
        TimeRangeTypeDef,
    )

# Limits of one call: BatchGetDeploymentGroups; BatchGetDeployments and BatchGetDeploymentTargets.
GROUPS_AT_ONCE, AT_ONCE = 100, 25
WINDOWS = (timedelta(days=7), timedelta(days=30), timedelta(days=120))
SUCCEEDED, FAILED, GONE = "Succeeded", "Failed", "gone"
ENDED = (SUCCEEDED, FAILED, "Stopped")
RUNNING = ("Created", "Queued", "InProgress", "Baking", "Ready")
TO_SOME_HOSTS = ("autoscaling", "CodeDeployAutoUpdate")
NO_SUCH_DEPLOYMENT = {"DeploymentDoesNotExistException", "InvalidDeploymentIdException"}
NO_TARGETS_YET = {"DeploymentNotStartedException", "DeploymentDoesNotExistException"}
NO_SUCH_TARGET = {"DeploymentTargetDoesNotExistException", "InstanceDoesNotExistException"}


@dataclass(frozen=True, kw_only=True)
class DeploymentGroupState:
    """A deployment group: what it deploys to, which alarms stop it, and when it was last used."""

    name: str
    auto_scaling_groups: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    suspends: tuple[str, ...] = ()
    """The processes of Auto Scaling that CodeDeploy suspends during a deployment."""
    newest: datetime | None = None
    """When its last deployment was created; None if there was none."""


@dataclass(frozen=True, kw_only=True)
class LifecycleEvent:
    """One lifecycle event on one host; script, message and log describe its failure, "" if none."""

    name: str
    status: str
    started: datetime | None = None
    ended: datetime | None = None
    script: str = ""
    message: str = ""
    log: str = ""

    @property
    def seconds(self) -> float | None:
        """How long it took; None until it has ended."""
        return (self.ended - self.started).total_seconds() if self.started and self.ended else None


@dataclass(frozen=True, kw_only=True)
class DeploymentTarget:
    """One host of a deployment. status: CodeDeploy's, or ``gone`` if the host is no longer listed."""

    id: str
    status: str
    events: tuple[LifecycleEvent, ...] = ()
    updated: datetime | None = None

    @property
    def current(self) -> LifecycleEvent | None:
        """The event in progress; None if there is none."""
        return next((event for event in self.events if event.status == "InProgress"), None)

    @property
    def failed(self) -> LifecycleEvent | None:
        """The first event that failed; None if there is none."""
        return next((event for event in self.events if event.status == FAILED), None)

    @property
    def done(self) -> int:
        """How many events have ended."""
        return sum(event.status in (SUCCEEDED, FAILED, "Skipped") for event in self.events)


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """One deployment. completed: None while it runs. error: why it failed, in CodeDeploy's words.

    commit: the commit of its revision; "" until the revision was read, or if it does not name one.
    rolls_back: the id of the deployment that this automatic rollback reverts. rolled_back_by: the id of the
    automatic rollback that reverts this one. targets: its hosts, if they were requested.
    """

    id: str
    group: str
    status: str
    created: datetime
    completed: datetime | None = None
    revision: RevisionLocation | None = None
    commit: str = ""
    creator: str = "user"
    description: str = ""
    error_code: str = ""
    error: str = ""
    rolls_back: str = ""
    rolled_back_by: str = ""
    rollback_message: str = ""
    targets: tuple[DeploymentTarget, ...] = ()

    @property
    def succeeded(self) -> bool:
        """Whether CodeDeploy counts it as succeeded: enough hosts were deployed to."""
        return self.status == SUCCEEDED

    @property
    def in_progress(self) -> bool:
        """Whether it has not ended yet."""
        return self.status in RUNNING

    @property
    def has_ended(self) -> bool:
        """Whether it has succeeded, failed or been stopped."""
        return self.status in ENDED

    @property
    def is_release(self) -> bool:
        """Whether it deploys to the whole group; False if it only updates new or outdated hosts."""
        return self.creator not in TO_SOME_HOSTS

    def count(self, status: str) -> int:
        """How many hosts have this status."""
        return sum(target.status == status for target in self.targets)


Enough = Callable[[Iterable[Deployment]], bool]
"""Decides whether the deployments found so far are enough."""


def deployment_groups(aws: Aws, application: str, names: Sequence[str]) -> dict[str, DeploymentGroupState]:
    """The groups that exist, by name; empty if the foundation stack is not applied."""
    found: dict[str, DeploymentGroupState] = {}
    try:
        for batch in _batches(names, GROUPS_AT_ONCE):
            answer = aws.codedeploy.batch_get_deployment_groups(
                applicationName=application, deploymentGroupNames=batch
            )
            found |= {info["deploymentGroupName"]: _group(info) for info in answer["deploymentGroupsInfo"]}
    except AwsError as error:
        if error.code != "ApplicationDoesNotExistException":
            raise
    return found


def deployments(
    aws: Aws, application: str, group: DeploymentGroupState, enough: Enough
) -> tuple[Deployment, ...]:
    """The newest deployments of a group, newest first, until ``enough`` says so or there are no more.

    CodeDeploy does not document the order in which it lists deployments. So they are listed by creation
    time, in windows that grow as they go back.
    """
    found: dict[str, Deployment] = {}
    for window in _windows(group.newest or datetime.now(UTC)):
        pages = aws.codedeploy.get_paginator("list_deployments").paginate(
            applicationName=application, deploymentGroupName=group.name, createTimeRange=window
        )
        ids = [id_ for page in pages for id_ in page["deployments"] if id_ not in found]
        for batch in _batches(ids, AT_ONCE):
            answer = aws.codedeploy.batch_get_deployments(deploymentIds=batch)
            found |= {info["deploymentId"]: parse(info) for info in answer["deploymentsInfo"]}
        if enough(found.values()):
            break
    return newest_first(found.values())


def one_succeeded(deployments: Iterable[Deployment]) -> bool:
    """Whether a release among them succeeded, so that it is known what the group runs."""
    return any(deployment.succeeded and deployment.is_release for deployment in deployments)


def newest_first(deployments: Iterable[Deployment]) -> tuple[Deployment, ...]:
    """The deployments by creation time, newest first."""
    return tuple(sorted(deployments, key=lambda deployment: deployment.created, reverse=True))


def deployment(aws: Aws, id: str) -> Deployment:
    """The deployment's current state, with its hosts. Raises SlipwayError if no deployment has this id."""
    try:
        info = aws.codedeploy.get_deployment(deploymentId=id)["deploymentInfo"]
    except AwsError as error:
        if error.code not in NO_SUCH_DEPLOYMENT:
            raise
        then = "slipway status lists deployments; slipway watch without an id finds the one in progress"
        raise SlipwayError(f"deployment {id} not found", then=then) from None
    return parse(info, targets(aws, id))


def targets(aws: Aws, id: str, among: Collection[str] | None = None) -> tuple[DeploymentTarget, ...]:
    """The hosts of a deployment. among: only hosts with these ids. Default: all."""
    ids = [
        target_id
        for target_id in _target_ids(aws, id)
        if among is None or target_id.rpartition("/")[2] in among
    ]
    return tuple(
        parse_target(target) for batch in _batches(ids, AT_ONCE) for target in _described(aws, id, batch)
    )


def parse(info: "DeploymentInfoTypeDef", targets: tuple[DeploymentTarget, ...] = ()) -> Deployment:
    """A deployment from CodeDeploy's response. targets: its hosts. Default: none."""
    error, rollback = info.get("errorInformation", {}), info.get("rollbackInfo", {})
    return Deployment(
        id=info["deploymentId"],
        group=info.get("deploymentGroupName", ""),
        status=info["status"],
        created=info["createTime"],
        completed=info.get("completeTime"),
        revision=location_of(info.get("revision", {})),
        creator=info.get("creator", "user"),
        description=info.get("description", ""),
        error_code=error.get("code", ""),
        error=error.get("message", ""),
        rolls_back=rollback.get("rollbackTriggeringDeploymentId", ""),
        rolled_back_by=rollback.get("rollbackDeploymentId", ""),
        rollback_message=rollback.get("rollbackMessage", ""),
        targets=targets,
    )


def parse_target(target: "DeploymentTargetTypeDef") -> DeploymentTarget:
    """A host from CodeDeploy's response, which names it by its instance id or by its ARN."""
    instance = target.get("instanceTarget", {})
    return DeploymentTarget(
        id=instance.get("targetId", "").rpartition("/")[2],
        status=instance.get("status", "Unknown"),
        events=tuple(map(_event, instance.get("lifecycleEvents", ()))),
        updated=instance.get("lastUpdatedAt"),
    )


def _group(info: "DeploymentGroupInfoTypeDef") -> DeploymentGroupState:
    alarms = info.get("alarmConfiguration", {})
    return DeploymentGroupState(
        name=info["deploymentGroupName"],
        auto_scaling_groups=tuple(
            auto_scaling_group["name"] for auto_scaling_group in info.get("autoScalingGroups", ())
        ),
        target_groups=tuple(
            target_group["name"]
            for target_group in info.get("loadBalancerInfo", {}).get("targetGroupInfoList", ())
        ),
        alarms=tuple(alarm["name"] for alarm in alarms.get("alarms", ())) if alarms.get("enabled") else (),
        suspends=tuple(info.get("ec2DeploymentOptions", {}).get("autoScalingGroupProcessesToSuspend", ())),
        newest=info.get("lastAttemptedDeployment", {}).get("createTime"),
    )


def _event(event: "LifecycleEventTypeDef") -> LifecycleEvent:
    said = event.get("diagnostics", {})
    return LifecycleEvent(
        name=event.get("lifecycleEventName", ""),
        status=event.get("status", "Unknown"),
        started=event.get("startTime"),
        ended=event.get("endTime"),
        script=said.get("scriptName", ""),
        message=said.get("message", ""),
        log=said.get("logTail", ""),
    )


def _windows(newest: datetime) -> "Iterator[TimeRangeTypeDef]":
    end = newest + timedelta(days=1)  # clocks differ; the first window includes newer deployments
    for length in WINDOWS:
        start = newest - length
        yield {"start": start, "end": end}
        end = start
    yield {"start": datetime.fromtimestamp(0, newest.tzinfo), "end": end}


def _target_ids(aws: Aws, id: str) -> list[str]:
    try:
        pages = aws.codedeploy.get_paginator("list_deployment_targets").paginate(deploymentId=id)
        return [target_id for page in pages for target_id in page["targetIds"]]
    except AwsError as error:
        if error.code in NO_TARGETS_YET:
            return []
        raise


def _described(aws: Aws, id: str, targets: list[str]) -> "list[DeploymentTargetTypeDef]":
    """The targets' descriptions; if one is gone since they were listed, the others one by one."""
    try:
        answer = aws.codedeploy.batch_get_deployment_targets(deploymentId=id, targetIds=targets)
    except AwsError as error:
        if error.code not in NO_SUCH_TARGET:
            raise
        if len(targets) == 1:
            return []
        return [found for target in targets for found in _described(aws, id, [target])]
    return answer["deploymentTargets"]


def _batches(ids: Sequence[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(ids), size):
        yield list(ids[start : start + size])
