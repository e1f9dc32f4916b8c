"""Speaks to the person at the terminal: words to standard error, data to standard output."""

import sys
from contextlib import suppress


def message(text: str = "") -> None:
    """A line for people; where standard error cannot be written, there is nobody to tell."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def error(problem: object) -> None:
    """What went wrong, why, and what to do next."""
    message(f"error: {problem}")


def data(text: str) -> None:
    """A line of what was asked for."""
    print(text, flush=True)
