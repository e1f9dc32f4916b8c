"""Reads several log groups at once, merged by time: what is there, and what comes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from heapq import merge
from operator import attrgetter

from slipway.aws.clients import Aws
from slipway.aws.logs import LogFilter, NoLogGroupError, events
from slipway.logs.line import Line
from slipway.logs.log_groups import ServiceLogGroup
from slipway.logs.missing import Missing

POLL_SECONDS = 2.0
LATE_MILLISECONDS = 60_000
"""Hosts send their lines some seconds after they were written, each its own: so much is read again."""


def read(aws: Aws, groups: Sequence[ServiceLogGroup], wanted: LogFilter, missing: Missing) -> Iterator[Line]:
    """What there is, merged by time; each group's pages are fetched as they are needed."""
    return merge(*(_lines(aws, group, wanted, missing) for group in groups), key=attrgetter("event.at"))


def follow(
    aws: Aws,
    groups: Sequence[ServiceLogGroup],
    wanted: LogFilter,
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
        for line in read(aws, groups, wanted, missing):
            if line.key not in seen:
                seen[line.key] = line.event.at
                yield line
        wanted = replace(wanted, since=max(wanted.since, asked_at - LATE_MILLISECONDS))
        seen = {key: at for key, at in seen.items() if at >= wanted.since}
        sleep(POLL_SECONDS)


def _lines(aws: Aws, group: ServiceLogGroup, wanted: LogFilter, missing: Missing) -> Iterator[Line]:
    try:
        for event in events(aws, group.name, wanted):
            yield Line(group, event)
    except NoLogGroupError:
        missing.note(group)
