"""Prints messages to stderr and data to stdout."""

import sys
from contextlib import suppress


def message(text: str = "") -> None:
    """Print a line to stderr; errors in writing it are ignored."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def error(problem: object) -> None:
    """Print an error to stderr: what happened, why, and what to do."""
    message(f"error: {problem}")


def data(text: str) -> None:
    """Print a line of the command's result to stdout."""
    print(text, flush=True)
