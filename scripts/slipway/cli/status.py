"""``slipway status``: asks once, or every ten seconds, and shows it."""

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
    slipway status --watch          refreshed every ten seconds
    slipway status --json           for programs; docs/schemas/status.schema.json describes it

    A host runs what the last deployment brought that CodeDeploy saw succeed on that very host. What
    its container itself says cannot be seen through AWS: curl the service's /version for that.

    Exit codes: 0 shown, whatever it shows; 1 AWS could not be asked; 2 wrong settings or usage;
    130 interrupted.
    """
    if watch and json:
        raise UsageError("--watch is for people, --json for programs", then="leave one of them out")
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
    """On a terminal, draw over what was drawn; elsewhere, one after the other."""
    now, problem = survey.status(), ""  # what fails now will fail again: it is told, and that is all
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
    """The status now; if AWS cannot be asked this once, what it was, and that it is old."""
    try:
        return survey.status(), ""
    except AwsError as error:
        return before, f"refresh failed: {error.what}; retrying"
