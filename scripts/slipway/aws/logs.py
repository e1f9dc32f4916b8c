"""Reads the events of CloudWatch log groups (FilterLogEvents)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import FilterLogEventsRequestPaginateTypeDef


LAST_LINES = 3


@dataclass(frozen=True)
class LogEvent:
    """One log event. at: its time, in milliseconds since 1970. stream: the log stream's name."""

    at: int
    id: str
    stream: str
    message: str


@dataclass(frozen=True)
class LogFilter:
    """Which events to read.

    since: in milliseconds since 1970. pattern: CloudWatch's filter pattern; None for all.
    """

    since: int
    pattern: str | None = None
    host: str | None = None
    stream: str | None = None


class NoLogGroupError(AwsError):
    """The log group does not exist."""


def events(aws: Aws, group: str, wanted: LogFilter) -> Iterator[LogEvent]:
    """A log group's events; pages are fetched as needed. Raises NoLogGroupError if it does not exist."""
    pages = aws.logs.get_paginator("filter_log_events").paginate(**request(group, wanted))
    try:
        for page in pages:
            for event in page.get("events", ()):
                yield LogEvent(event["timestamp"], event["eventId"], event["logStreamName"], event["message"])
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
        raise NoLogGroupError(f"log group {group} not found") from error


def request(group: str, wanted: LogFilter) -> "FilterLogEventsRequestPaginateTypeDef":
    """The parameters of FilterLogEvents for one log group."""
    asked: FilterLogEventsRequestPaginateTypeDef = {
        "logGroupName": group,
        "startTime": wanted.since,
        "interleaved": True,  # AWS always does since 2019; emulators only if it is set
    }
    if wanted.pattern:
        asked["filterPattern"] = wanted.pattern
    if wanted.host:
        asked["logStreamNamePrefix"] = f"{wanted.host}/"
    if wanted.stream:
        asked["logStreamNames"] = [wanted.stream]
    return asked


def first_boot(aws: Aws, group: str, instance: str) -> tuple[str, ...]:
    """The lines that an instance sent about its first boot: errors and warnings.

    Empty if the boot succeeded without warnings, or if the instance could not send them.
    """
    try:
        found = events(aws, group, LogFilter(since=0, stream=f"{instance}/first-boot"))
        said = "".join(event.message for event in found)
    except NoLogGroupError:  # AWS uses this error for a missing stream too
        return ()
    return tuple(line for line in said.splitlines() if line.strip())


def last_words(aws: Aws, group: str, instance: str) -> str:
    """The last lines about an instance's first boot, to append to a message; "" if there are none."""
    lines = first_boot(aws, group, instance) if instance else ()
    return f"; the end of the first boot of {instance}: {' | '.join(lines[-LAST_LINES:])}" if lines else ""
