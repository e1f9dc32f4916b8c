"""Chooses how progress is shown, by what standard error is."""

from collections.abc import Iterable

from slipway.console.screen import moving
from slipway.terraform.progress.board import Progress
from slipway.terraform.progress.live import LiveProgress
from slipway.terraform.progress.plain import PlainProgress


def progress(names: Iterable[str]) -> Progress:
    """On a terminal, lines that move; otherwise plain ones. Both on standard error."""
    console = moving()
    return LiveProgress(names, console) if console else PlainProgress(names)
