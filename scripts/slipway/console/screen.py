"""Where data is drawn: a terminal as wide as it is, or plain text that is never cut."""

import sys

from rich.console import Console, RenderableType

from slipway.console import data

WIDE = 400  # columns; nobody looks at them, so nothing need be left out


def screen() -> Console:
    """A console on standard output."""
    console = Console(file=sys.stdout, highlight=False)
    if console.is_terminal and not console.is_dumb_terminal:
        return console
    return Console(file=sys.stdout, highlight=False, width=WIDE, color_system=None)


def terminal_width() -> int | None:
    """How many columns standard output has; None if it is not a terminal."""
    console = screen()
    return console.width if console.is_terminal else None


def moving() -> Console | None:
    """A console on standard error, if what is drawn there can be drawn over."""
    console = Console(stderr=True)
    return console if console.is_terminal and not console.is_dumb_terminal else None


def show(drawn: RenderableType) -> None:
    """Print it; as plain text, without the spaces that fill its lines."""
    console = screen()
    if console.is_terminal:
        console.print(drawn, crop=False)
        return
    with console.capture() as captured:
        console.print(drawn, crop=False)
    for line in captured.get().splitlines():
        data(line.rstrip())
