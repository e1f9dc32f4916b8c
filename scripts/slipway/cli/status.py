"""``slipway status``: asks once, or again and again, and shows it."""

import time
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from slipway import project
from slipway.aws.explain import explain
from slipway.cli import say
from slipway.cli.screen import screen, show
from slipway.errors import UsageError
from slipway.fleet.show import draw
from slipway.fleet.survey import Survey

SECONDS = 10.0


def status(*, env: str | None, watch: bool, json: bool) -> None:
    """Show it; with watch, until it is interrupted."""
    if watch and json:
        raise UsageError("--watch is for people, --json for programs", then="leave one of them out")
    found, aws = project.signed_in(Path.cwd())
    environments = found.names.environments if env is None else [found.environment(env)]
    survey = Survey.of(aws, found.names, environments)
    if json:
        say.data(survey.status().as_json())
    elif watch:
        _watch(survey, screen())
    else:
        show(draw(survey.status()))


def _watch(survey: Survey, console: Console) -> None:
    """On a terminal, draw over what was drawn; elsewhere, one after the other."""
    drawn = draw(survey.status())  # what fails now will fail again: it is told, and that is all
    if not console.is_terminal:
        while True:
            show(Group(drawn, Text()))
            time.sleep(SECONDS)
            drawn = _again(survey, drawn)
    with Live(drawn, console=console, screen=True, auto_refresh=False, vertical_overflow="crop") as live:
        while True:
            live.update(drawn, refresh=True)
            time.sleep(SECONDS)
            drawn = _again(survey, drawn)


def _again(survey: Survey, before: Group) -> Group:
    """The status now; if AWS cannot be asked this once, what it was, and that it is old."""
    try:
        return draw(survey.status())
    except (BotoCoreError, ClientError) as error:
        said = f"not asked again: {explain(error).what}; trying on"
        return Group(*[each for each in before.renderables if not _is_old(each)], Text(said, style="red"))


def _is_old(part: object) -> bool:
    return isinstance(part, Text) and part.plain.startswith("not asked again: ")
