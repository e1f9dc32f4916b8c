"""``slipway logs``: prints lines of log groups, merged by time, to stdout."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from slipway import console
from slipway.aws.logs import LogFilter
from slipway.checkout import project
from slipway.cli.command import declare
from slipway.cli.options import OnlyEnv
from slipway.console import documents
from slipway.console.errors import UsageError
from slipway.logs import read as reader
from slipway.logs.line import Line
from slipway.logs.log_groups import log_groups
from slipway.logs.missing import Missing
from slipway.logs.since import since as parse
from slipway.logs.source import LogSource

app = declare()


@app.command()
def logs(
    *,
    env: OnlyEnv = None,
    source: Annotated[
        list[LogSource] | None,
        typer.Option(
            "--source", metavar="[app|agent|deploy|build|run]", help="The source. Repeatable. Default: app."
        ),
    ] = None,
    since: Annotated[
        str, typer.Option("--since", metavar="WHEN", help="The start: an age (30m, 1h, 2d) or a time in UTC.")
    ] = "1h",
    pattern: Annotated[
        str | None, typer.Option("--filter", metavar="PATTERN", help="A CloudWatch filter pattern.")
    ] = None,
    host: Annotated[
        str | None, typer.Option("--host", metavar="INSTANCE", help="Only this host, by its instance id.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep reading new lines.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document for each line.")] = False,
) -> None:
    """Read the logs of the service, its hosts and its builds.

    \b
    slipway logs --env prod --since 30m               the output of the service's containers
    slipway logs --env prod --follow                  ... and keep reading new lines
    slipway logs --env prod --filter ERROR            only lines with ERROR
    slipway logs --env prod --source deploy           the output of the deployments' scripts
    slipway logs --env prod --source agent            the CodeDeploy agent, and the hosts' first boots
    slipway logs --source build --since 2d            the builds
    slipway logs --env prod --source run              release commands, and commands of slipway run
    slipway logs --env prod --host i-0abc --json      one host, for programs

    A pattern in "quotes" matches a phrase, one in { } matches JSON: '{ $.status = 500 }'.
    Control characters in a line are printed as escapes, such as \\x1b.

    Exit codes: 0 read, 1 failed, 2 wrong settings or usage, 130 interrupted.
    """
    sources = source or [LogSource.APP]
    if host and LogSource.BUILD in sources:
        raise UsageError(
            "--host and --source build cannot be used together",
            why="builds do not run on the environments' hosts",
            then="leave one of them out",
        )
    wanted = LogFilter(_milliseconds(parse(since, datetime.now(UTC))), pattern, host)
    found = project.find(Path.cwd())
    asked = log_groups(found.names, found.chosen(env), sources)
    aws = found.sign_in()
    missing = Missing(asked, console.message)
    if follow:
        lines = reader.follow(aws, asked, wanted, missing, now=time.time, sleep=time.sleep)
    else:
        lines = reader.read(aws, asked, wanted, missing)
    _print(lines, json=json, sources=len(set(sources)) > 1)


def _print(lines: Iterator[Line], *, json: bool, sources: bool) -> None:
    count = 0
    for line in lines:
        count += 1
        if json:
            documents.show(line.document(), on_one_line=True)
            continue
        for text in line.text(sources=sources):
            console.data(text)
    if not count:
        console.message("No log lines found. Try --since 1d, another --source or another --env.")


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
