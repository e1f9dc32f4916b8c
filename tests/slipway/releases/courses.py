"""Deployments as they might be, for tests."""

from datetime import UTC, datetime, timedelta

from slipway.releases.course import Course, Event, Host

BEGAN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def course(status: str = "InProgress", *hosts: Host, id: str = "d-1", **more: str) -> Course:
    """A deployment that ended after 75 seconds, if it has."""
    ended = BEGAN + timedelta(seconds=75) if status in ("Succeeded", "Failed", "Stopped") else None
    return Course(
        id=id, group="my-app-prod", status=status, created=BEGAN, completed=ended, hosts=hosts, **more
    )


def host(id: str, status: str, *events: Event) -> Host:
    return Host(id=id, status=status, events=events)


def event(name: str, status: str, *, script: str = "", message: str = "", log: str = "") -> Event:
    """An event that took two seconds, if it is over."""
    ended = BEGAN + timedelta(seconds=2) if status in ("Succeeded", "Failed") else None
    return Event(
        name=name, status=status, started=BEGAN, ended=ended, script=script, message=message, log=log
    )
