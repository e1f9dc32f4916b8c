"""Consoles to draw on: a terminal with its width, or plain text that is never cut."""

import sys

from rich.console import Console, RenderableType

from slipway.console import data

WIDE = 400  # columns of plain text, wide enough for everything


def screen() -> Console:
    """A console on stdout; without a terminal, 400 columns wide and without colours."""
    console = Console(file=sys.stdout, highlight=False)
    if console.is_terminal and not console.is_dumb_terminal:
        return console
    return Console(file=sys.stdout, highlight=False, width=WIDE, color_system=None)


def terminal_width() -> int | None:
    """The number of columns of stdout; None if it is not a terminal."""
    console = screen()
    return console.width if console.is_terminal else None


def moving() -> Console | None:
    """A console on stderr if it is a terminal that can redraw lines; else None."""
    console = Console(stderr=True)
    return console if console.is_terminal and not console.is_dumb_terminal else None


def show(drawn: RenderableType) -> None:
    """Print a renderable to stdout; as plain text without trailing spaces."""
    console = screen()
    if console.is_terminal:
        console.print(drawn, crop=False)
        return
    with console.capture() as captured:
        console.print(drawn, crop=False)
    for line in captured.get().splitlines():
        data(line.rstrip())
