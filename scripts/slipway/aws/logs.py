"""The events of CloudWatch log groups, as FilterLogEvents gives them."""

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
    """What was written, when (milliseconds since 1970), and by which stream."""

    at: int
    id: str
    stream: str
    message: str


@dataclass(frozen=True)
class LogFilter:
    """From when (milliseconds since 1970), which lines (CloudWatch's pattern), of which host or stream."""

    since: int
    pattern: str | None = None
    host: str | None = None
    stream: str | None = None


class NoLogGroupError(AwsError):
    """There is no log group of the name."""


def events(aws: Aws, group: str, wanted: LogFilter) -> Iterator[LogEvent]:
    """A log group's events; pages are fetched as they are needed. Raises NoLogGroupError."""
    pages = aws.logs.get_paginator("filter_log_events").paginate(**request(group, wanted))
    try:
        for page in pages:
            for event in page.get("events", ()):
                yield LogEvent(event["timestamp"], event["eventId"], event["logStreamName"], event["message"])
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
        raise NoLogGroupError(f"there is no log group {group}") from error


def request(group: str, wanted: LogFilter) -> "FilterLogEventsRequestPaginateTypeDef":
    """What is asked for the events of one log group."""
    asked: FilterLogEventsRequestPaginateTypeDef = {
        "logGroupName": group,
        "startTime": wanted.since,
        "interleaved": True,  # AWS always does, since 2019; emulations only if they are told
    }
    if wanted.pattern:
        asked["filterPattern"] = wanted.pattern
    if wanted.host:
        asked["logStreamNamePrefix"] = f"{wanted.host}/"
    if wanted.stream:
        asked["logStreamNames"] = [wanted.stream]
    return asked


def first_boot(aws: Aws, group: str, instance: str) -> tuple[str, ...]:
    """What an instance has sent of its first boot by itself, as lines: that it failed, or had to warn.

    Nothing if all went well, or if nothing could be sent.
    """
    try:
        found = events(aws, group, LogFilter(since=0, stream=f"{instance}/first-boot"))
        said = "".join(each.message for each in found)
    except NoLogGroupError:  # AWS says the same of a stream
        return ()
    return tuple(line for line in said.splitlines() if line.strip())


def last_words(aws: Aws, group: str, instance: str) -> str:
    """How the first boot of an instance ended, if it said; to stand behind what AWS says."""
    lines = first_boot(aws, group, instance) if instance else ()
    return f"; the end of the first boot of {instance}: {' | '.join(lines[-LAST_LINES:])}" if lines else ""
