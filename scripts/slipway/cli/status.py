"""``slipway status``: asks once, or again and again, and shows it."""

import time
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from slipway import console
from slipway.aws.errors import explain
from slipway.checkout import project
from slipway.console.errors import UsageError
from slipway.console.fitting import Fitting
from slipway.console.screen import screen, show
from slipway.status.display import draw, draw_live
from slipway.status.model import Status
from slipway.status.survey import Survey

SECONDS = 10.0


def status(*, env: str | None, watch: bool, json: bool) -> None:
    """Show it; with watch, until it is interrupted."""
    if watch and json:
        raise UsageError("--watch is for people, --json for programs", then="leave one of them out")
    found, aws = project.signed_in(Path.cwd())
    environments = found.names.environments if env is None else [found.environment(env)]
    survey = Survey.of(aws, found.names, environments)
    if json:
        console.data(survey.status().as_json())
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
    except (BotoCoreError, ClientError) as error:
        return before, f"not asked again: {explain(error).what}; trying on"
