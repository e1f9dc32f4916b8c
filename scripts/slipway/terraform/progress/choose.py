"""Chooses how progress is shown, by what standard error is."""

import sys
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console

from slipway.terraform.events import Event
from slipway.terraform.progress.board import State
from slipway.terraform.progress.live import LiveProgress
from slipway.terraform.progress.plain import PlainProgress


class Progress(Protocol):
    """What shows how far every stack is; a context that lasts while they work."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...

    def begin(self, name: str, doing: str) -> None:
        """A part of a stack's work begins."""

    def event(self, name: str, event: Event) -> None:
        """Terraform reported something."""

    def end(self, name: str, state: State, words: str) -> None:
        """A stack is finished, in one way or another."""


def progress(names: Iterable[str]) -> Progress:
    """On a terminal, lines that move; otherwise plain ones. Both on standard error."""
    console = Console(stderr=True)
    if console.is_terminal and not console.is_dumb_terminal:
        return LiveProgress(names, console)
    return PlainProgress(names, write=_write, clock=time.monotonic)


def _write(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
