"""Reads several log groups, merged by time, and follows them."""

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
"""Hosts send lines some seconds late: when following, the last minute is read again at each poll."""


def read(aws: Aws, groups: Sequence[ServiceLogGroup], wanted: LogFilter, missing: Missing) -> Iterator[Line]:
    """The existing lines, merged by time; each group's pages are fetched as needed."""
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
    """The existing lines and then new ones, without end; polls every two seconds.

    now: returns seconds since 1970. Each line is yielded once; lines more than a minute late are lost.
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
