"""Chooses how progress is shown."""

from collections.abc import Iterable

from slipway.console.screen import moving
from slipway.terraform.progress.board import Progress
from slipway.terraform.progress.live import LiveProgress
from slipway.terraform.progress.plain import PlainProgress


def progress(names: Iterable[str]) -> Progress:
    """Live lines if stderr is a terminal, else plain lines; both on stderr."""
    console = moving()
    return LiveProgress(names, console) if console else PlainProgress(names)
