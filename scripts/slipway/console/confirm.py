"""Asks for confirmation before changes; without a terminal, an option must confirm them."""

import sys

from slipway.console.errors import SlipwayError, UsageError


def require_somebody(*, yes: bool, option: str = "--yes") -> None:
    """Raise UsageError if a confirmation will be required but stdin is no terminal. option: what skips it."""
    if not yes and not sys.stdin.isatty():
        raise UsageError("confirmation required, but stdin is not a terminal", then=f"pass {option}")


def agree(question: str) -> None:
    """Ask a yes-or-no question. Raises SlipwayError unless the answer is "y" or "yes"."""
    if ask(f"{question} [y/N] ").lower() not in ("y", "yes"):
        raise SlipwayError("Aborted. Nothing was changed.")


def ask(question: str) -> str:
    """Print a question to stderr. Returns the answer; empty at the end of the input."""
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip()
