"""CodeDeploy's deployment groups and deployments, as it has them now: the one reader of both."""

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

# What CodeDeploy takes in one call: BatchGetDeploymentGroups; BatchGetDeployments and ...Targets.
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
    """The processes of Auto Scaling that are suspended while it is deployed to."""
    newest: datetime | None = None
    """When its last deployment was made."""


@dataclass(frozen=True, kw_only=True)
class LifecycleEvent:
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
class DeploymentTarget:
    """One host of a deployment; its status is ``gone`` where it was there before and is no more."""

    id: str
    status: str
    events: tuple[LifecycleEvent, ...] = ()
    updated: datetime | None = None

    @property
    def current(self) -> LifecycleEvent | None:
        """The event that is going on."""
        return next((event for event in self.events if event.status == "InProgress"), None)

    @property
    def failed(self) -> LifecycleEvent | None:
        """The event that failed first."""
        return next((event for event in self.events if event.status == FAILED), None)

    @property
    def done(self) -> int:
        """How many events are over."""
        return sum(event.status in (SUCCEEDED, FAILED, "Skipped") for event in self.events)


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """One deployment. completed: None while it runs. error: why it failed, in CodeDeploy's words.

    commit: what its revision ships; "" until the revision was read, or if it does not say.
    rolls_back: the deployment that this one takes back, where CodeDeploy does so by itself.
    rolled_back_by: the deployment by which CodeDeploy takes this one back. targets: its hosts, where they
    were asked for.
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
        """Whether it reached enough hosts."""
        return self.status == SUCCEEDED

    @property
    def in_progress(self) -> bool:
        """Whether it has not ended yet."""
        return self.status in RUNNING

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in ENDED

    @property
    def is_release(self) -> bool:
        """Whether it brings a revision to the group; not one that brings a new host up to date."""
        return self.creator not in TO_SOME_HOSTS

    def count(self, status: str) -> int:
        """How many hosts have a status."""
        return sum(target.status == status for target in self.targets)


Enough = Callable[[Iterable[Deployment]], bool]
"""Whether the deployments that were found so far are enough."""


def deployment_groups(aws: Aws, application: str, names: Sequence[str]) -> dict[str, DeploymentGroupState]:
    """The groups that are there, by name. None of them are before the foundation stack is."""
    found: dict[str, DeploymentGroupState] = {}
    try:
        for batch in _batches(names, GROUPS_AT_ONCE):
            answer = aws.codedeploy.batch_get_deployment_groups(
                applicationName=application, deploymentGroupNames=batch
            )
            found |= {each["deploymentGroupName"]: _group(each) for each in answer["deploymentGroupsInfo"]}
    except AwsError as error:
        if error.code != "ApplicationDoesNotExistException":
            raise
    return found


def deployments(
    aws: Aws, application: str, group: DeploymentGroupState, enough: Enough
) -> tuple[Deployment, ...]:
    """The newest deployments of a group, newest first, back to where there are enough, or to the first.

    CodeDeploy does not say in which order it lists deployments, so they are listed by their time, in
    windows that grow as they go back.
    """
    found: dict[str, Deployment] = {}
    for window in _windows(group.newest or datetime.now(UTC)):
        pages = aws.codedeploy.get_paginator("list_deployments").paginate(
            applicationName=application, deploymentGroupName=group.name, createTimeRange=window
        )
        ids = [each for page in pages for each in page["deployments"] if each not in found]
        for batch in _batches(ids, AT_ONCE):
            answer = aws.codedeploy.batch_get_deployments(deploymentIds=batch)
            found |= {each["deploymentId"]: parse(each) for each in answer["deploymentsInfo"]}
        if enough(found.values()):
            break
    return newest_first(found.values())


def one_succeeded(deployments: Iterable[Deployment]) -> bool:
    """Whether it is known what a group runs."""
    return any(each.succeeded and each.is_release for each in deployments)


def newest_first(deployments: Iterable[Deployment]) -> tuple[Deployment, ...]:
    """In the order in which they were made."""
    return tuple(sorted(deployments, key=lambda each: each.created, reverse=True))


def deployment(aws: Aws, id: str) -> Deployment:
    """The deployment as it is now, with its hosts. Raises SlipwayError if there is none of this id."""
    try:
        info = aws.codedeploy.get_deployment(deploymentId=id)["deploymentInfo"]
    except AwsError as error:
        if error.code not in NO_SUCH_DEPLOYMENT:
            raise
        then = "slipway status names what runs and what is under way; without an id, slipway watch finds it"
        raise SlipwayError(f"there is no deployment {id}", then=then) from None
    return parse(info, targets(aws, id))


def targets(aws: Aws, id: str, among: Collection[str] | None = None) -> tuple[DeploymentTarget, ...]:
    """The hosts that a deployment has to do with. among: leave out all others."""
    ids = [
        target_id_
        for target_id_ in _target_ids(aws, id)
        if among is None or target_id_.rpartition("/")[2] in among
    ]
    return tuple(
        parse_target(each) for batch in _batches(ids, AT_ONCE) for each in _described(aws, id, batch)
    )


def parse(info: "DeploymentInfoTypeDef", targets: tuple[DeploymentTarget, ...] = ()) -> Deployment:
    """A deployment from CodeDeploy's answer."""
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
    """A host from CodeDeploy's answer; it names instances, and AWS's reference shows ARNs of them too."""
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
            each["name"] for each in info.get("loadBalancerInfo", {}).get("targetGroupInfoList", ())
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
    end = newest + timedelta(days=1)  # clocks differ; what is newer is in the first window too
    for length in WINDOWS:
        start = newest - length
        yield {"start": start, "end": end}
        end = start
    yield {"start": datetime.fromtimestamp(0, newest.tzinfo), "end": end}


def _target_ids(aws: Aws, id: str) -> list[str]:
    try:
        pages = aws.codedeploy.get_paginator("list_deployment_targets").paginate(deploymentId=id)
        return [target_id_ for page in pages for target_id_ in page["targetIds"]]
    except AwsError as error:
        if error.code in NO_TARGETS_YET:
            return []
        raise


def _described(aws: Aws, id: str, targets: list[str]) -> "list[DeploymentTargetTypeDef]":
    """The targets; where one has gone since they were listed, the others one by one."""
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
