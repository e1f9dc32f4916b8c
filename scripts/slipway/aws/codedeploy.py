"""The deployments of a deployment group, newest first, as CodeDeploy remembers them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from slipway.aws.revisions import Location, location_of

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.client import CodeDeployClient
    from mypy_boto3_codedeploy.type_defs import DeploymentInfoTypeDef, TimeRangeTypeDef

AT_ONCE = 25  # BatchGetDeployments takes no more
WINDOWS = (timedelta(days=7), timedelta(days=30), timedelta(days=120))
RUNNING = ("Created", "Queued", "InProgress", "Baking", "Ready")
TO_SOME_HOSTS = ("autoscaling", "CodeDeployAutoUpdate")


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """One deployment. completed: None while it runs. error: why it failed, in CodeDeploy's words."""

    id: str
    group: str
    status: str
    created: datetime
    completed: datetime | None = None
    location: Location | None = None
    creator: str = "user"
    description: str = ""
    error: str = ""
    rolls_back: str = ""
    """The deployment that this one takes back, where CodeDeploy does so by itself."""

    @property
    def succeeded(self) -> bool:
        """Whether it reached enough hosts."""
        return self.status == "Succeeded"

    @property
    def in_progress(self) -> bool:
        """Whether it has not ended yet."""
        return self.status in RUNNING

    @property
    def is_release(self) -> bool:
        """Whether it brings a revision to the group; not one that brings a new host up to date."""
        return self.creator not in TO_SOME_HOSTS


Enough = Callable[[Iterable[Deployment]], bool]
"""Whether the deployments that were found so far are enough."""


def read(
    codedeploy: "CodeDeployClient", *, application: str, group: str, since: datetime, enough: Enough
) -> tuple[Deployment, ...]:
    """The newest deployments of a group, back to where there are enough, or to the first.

    since: when the newest was made, or any later time. CodeDeploy does not say in which order it lists
    deployments, so they are listed by their time, in windows that grow as they go back.
    """
    found: dict[str, Deployment] = {}
    for window in _windows(since):
        ids = _listed(codedeploy, application, group, window)
        found |= {each.id: each for each in get(codedeploy, [each for each in ids if each not in found])}
        if enough(found.values()):
            break
    return newest_first(found.values())


def one_succeeded(deployments: Iterable[Deployment]) -> bool:
    """Whether it is known what a group runs."""
    return any(each.succeeded and each.is_release for each in deployments)


def get(codedeploy: "CodeDeployClient", ids: Sequence[str]) -> Iterator[Deployment]:
    """Deployments by their ids."""
    for start in range(0, len(ids), AT_ONCE):
        answer = codedeploy.batch_get_deployments(deploymentIds=list(ids[start : start + AT_ONCE]))
        yield from map(parse, answer["deploymentsInfo"])


def newest_first(deployments: Iterable[Deployment]) -> tuple[Deployment, ...]:
    """In the order of their making."""
    return tuple(sorted(deployments, key=lambda each: each.created, reverse=True))


def parse(info: "DeploymentInfoTypeDef") -> Deployment:
    """A deployment from CodeDeploy's answer."""
    rollback = info.get("rollbackInfo", {})
    return Deployment(
        id=info["deploymentId"],
        group=info.get("deploymentGroupName", ""),
        status=info["status"],
        created=info["createTime"],
        completed=info.get("completeTime"),
        location=location_of(info.get("revision", {})),
        creator=info.get("creator", "user"),
        description=info.get("description", ""),
        error=info.get("errorInformation", {}).get("message", ""),
        rolls_back=rollback.get("rollbackTriggeringDeploymentId", ""),
    )


def _windows(since: datetime) -> "Iterator[TimeRangeTypeDef]":
    end = since + timedelta(days=1)  # clocks differ; what is newer is in the first window too
    for length in WINDOWS:
        start = since - length
        yield {"start": start, "end": end}
        end = start
    yield {"start": datetime.fromtimestamp(0, since.tzinfo), "end": end}


def _listed(
    codedeploy: "CodeDeployClient", application: str, group: str, window: "TimeRangeTypeDef"
) -> list[str]:
    pages = codedeploy.get_paginator("list_deployments").paginate(
        applicationName=application, deploymentGroupName=group, createTimeRange=window
    )
    return [each for page in pages for each in page["deployments"]]
