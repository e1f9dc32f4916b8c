"""Deployments as they might be, for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from slipway.aws.codedeploy import Deployment, DeploymentTarget, LifecycleEvent

BEGAN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def deployment(
    status: str = "InProgress",
    *hosts: DeploymentTarget,
    id: str = "d-1",
    **more: Any,  # noqa: ANN401 - as Deployment takes them
) -> Deployment:
    """A deployment that ended after 75 seconds, if it has."""
    ended = BEGAN + timedelta(seconds=75) if status in ("Succeeded", "Failed", "Stopped") else None
    return Deployment(
        id=id, group="my-app-prod", status=status, created=BEGAN, completed=ended, targets=hosts, **more
    )


def host(id: str, status: str, *events: LifecycleEvent) -> DeploymentTarget:
    return DeploymentTarget(id=id, status=status, events=events)


def event(name: str, status: str, *, script: str = "", message: str = "", log: str = "") -> LifecycleEvent:
    """An event that took two seconds, if it is over."""
    ended = BEGAN + timedelta(seconds=2) if status in ("Succeeded", "Failed") else None
    return LifecycleEvent(
        name=name, status=status, started=BEGAN, ended=ended, script=script, message=message, log=log
    )
