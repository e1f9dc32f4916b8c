"""``slipway logs``: lines of log groups, merged by time; data, so on standard output."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from slipway import console
from slipway.aws import logs as reader
from slipway.aws.logs import Question
from slipway.checkout import project
from slipway.console.errors import UsageError
from slipway.logs.line import Line
from slipway.logs.missing import Missing
from slipway.logs.places import places
from slipway.logs.since import since as parse
from slipway.logs.source import Source


def logs(
    *,
    env: str | None,
    sources: Sequence[Source],
    since: str,
    pattern: str | None,
    host: str | None,
    follow: bool,
    json: bool,
) -> None:
    """Print the lines; with follow, until it is interrupted."""
    if host and Source.BUILD in sources:
        raise UsageError("--host chooses among an environment's hosts", then="leave --source build out")
    found, aws = project.signed_in(Path.cwd())
    environments = found.names.environments if env is None else [found.environment(env)]
    asked = places(found.names, environments, sources)
    question = Question(_milliseconds(parse(since, datetime.now(UTC))), pattern, host)
    missing = Missing(asked, console.message)
    if follow:
        lines = reader.follow(aws.logs, asked, question, missing, now=time.time, sleep=time.sleep)
    else:
        lines = reader.read(aws.logs, asked, question, missing)
    _print(lines, json=json, sources=len(set(sources)) > 1)


def _print(lines: Iterator[Line], *, json: bool, sources: bool) -> None:
    count = 0
    for line in lines:
        count += 1
        for text in [line.json()] if json else line.text(sources=sources):
            console.data(text)
    if not count:
        console.message("there is nothing; --since 1d looks further back, --source and --env elsewhere")


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
