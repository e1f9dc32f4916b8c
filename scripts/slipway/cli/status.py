"""``slipway status``: shows the status once, or every ten seconds."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from slipway.aws.errors import AwsError
from slipway.checkout import project
from slipway.cli.command import declare
from slipway.cli.options import Json, OnlyEnv
from slipway.console import documents
from slipway.console.errors import UsageError
from slipway.console.fitting import Fitting
from slipway.console.screen import screen, show
from slipway.status.display import draw, draw_live
from slipway.status.model import Status
from slipway.status.survey import Survey

SECONDS = 10.0

app = declare()


@app.command()
def status(
    *,
    env: OnlyEnv = None,
    watch: Annotated[bool, typer.Option("--watch", help="Refresh every ten seconds, until Ctrl-C.")] = False,
    json: Json = False,
) -> None:
    """Show what runs where: hosts, health, alarms, the pipeline.

    \b
    slipway status                  every environment, and what the pipeline waits for
    slipway status --env prod       one of them
    slipway status --watch          refreshes it every ten seconds
    slipway status --json           for programs; docs/schemas/status.schema.json describes it

    A host's release is the one of the last deployment that succeeded on this host, by CodeDeploy's record.
    To ask the container itself, request the service's /version.

    Exit codes: 0 shown, whatever the status; 1 AWS could not be read; 2 wrong settings or usage;
    130 interrupted.
    """
    if watch and json:
        raise UsageError("--watch and --json cannot be used together", then="use one of them")
    found = project.find(Path.cwd())
    environments = found.chosen(env)
    survey = Survey.of(found.sign_in(), found.names, environments)
    if json:
        documents.show(survey.status())
    elif watch:
        _watch(survey, screen())
    else:
        show(draw(survey.status()))


def _watch(survey: Survey, console: Console) -> None:
    """Refresh the screen on a terminal; elsewhere print each status below the last."""
    now, problem = survey.status(), ""  # an error at the first time ends the command
    if not console.is_terminal:
        while True:
            show(Group(draw(now, problem=problem), Text()))
            time.sleep(SECONDS)
            now, problem = _again(survey, now)
    with Live(console=console, screen=True, auto_refresh=False) as live:
        while True:
            live.update(Fitting(draw_live(now, problem=problem)), refresh=True)
            time.sleep(SECONDS)
            now, problem = _again(survey, now)


def _again(survey: Survey, before: Status) -> tuple[Status, str]:
    """The current status; if it cannot be read, the last one and why."""
    try:
        return survey.status(), ""
    except AwsError as error:
        return before, f"refresh failed: {error.what}; retrying"
