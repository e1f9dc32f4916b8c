"""Speaks to the person at the terminal: words to standard error, data to standard output."""

import sys


def message(text: str = "") -> None:
    """A line for people."""
    print(text, file=sys.stderr, flush=True)


def error(problem: object) -> None:
    """What went wrong, why, and what to do next."""
    message(f"error: {problem}")


def data(text: str) -> None:
    """A line of what was asked for."""
    print(text, flush=True)
