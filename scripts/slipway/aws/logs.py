"""Reads log groups through CloudWatch Logs' FilterLogEvents: what is there, and what comes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from operator import attrgetter
from typing import TYPE_CHECKING

from slipway.logs.line import Line
from slipway.logs.missing import Missing
from slipway.logs.places import Place

if TYPE_CHECKING:
    from mypy_boto3_logs.client import CloudWatchLogsClient
    from mypy_boto3_logs.type_defs import FilterLogEventsRequestPaginateTypeDef

POLL_SECONDS = 2.0
LATE_MILLISECONDS = 60_000
"""Hosts send their lines some seconds after they were written, each its own: so much is read again."""


@dataclass(frozen=True)
class Question:
    """From when (milliseconds since 1970), which lines (CloudWatch's filter pattern), of which host."""

    since: int
    pattern: str | None = None
    host: str | None = None


def request(place: Place, question: Question) -> "FilterLogEventsRequestPaginateTypeDef":
    """What is asked for the lines of one log group."""
    asked: FilterLogEventsRequestPaginateTypeDef = {
        "logGroupName": place.group,
        "startTime": question.since,
        "interleaved": True,  # AWS always does, since 2019; emulations only if they are told
    }
    if question.pattern:
        asked["filterPattern"] = question.pattern
    if question.host:
        asked["logStreamNamePrefix"] = f"{question.host}/"
    return asked


def read(
    logs: "CloudWatchLogsClient", places: Sequence[Place], question: Question, missing: Missing
) -> Iterator[Line]:
    """What there is, merged by time; each group's pages are fetched as they are needed."""
    return merge(*(_group(logs, place, question, missing) for place in places), key=attrgetter("at"))


def follow(
    logs: "CloudWatchLogsClient",
    places: Sequence[Place],
    question: Question,
    missing: Missing,
    *,
    now: Callable[[], float],
    sleep: Callable[[float], None],
) -> Iterator[Line]:
    """What there is and then what comes, without an end.

    now: seconds since 1970. Each line comes once, and never one that is more than a minute late.
    """
    seen: dict[tuple[str, str], int] = {}
    while True:
        asked_at = int(now() * 1000)
        for line in read(logs, places, question, missing):
            if line.key not in seen:
                seen[line.key] = line.at
                yield line
        question = replace(question, since=max(question.since, asked_at - LATE_MILLISECONDS))
        seen = {key: at for key, at in seen.items() if at >= question.since}
        sleep(POLL_SECONDS)


def _group(
    logs: "CloudWatchLogsClient", place: Place, question: Question, missing: Missing
) -> Iterator[Line]:
    pages = logs.get_paginator("filter_log_events").paginate(**request(place, question))
    try:
        for page in pages:
            for event in page.get("events", ()):
                yield Line(
                    event["timestamp"], event["eventId"], place, event["logStreamName"], event["message"]
                )
    except logs.exceptions.ResourceNotFoundException:
        missing.note(place)
