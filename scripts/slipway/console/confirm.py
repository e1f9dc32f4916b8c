"""Asks before anything changes; where nobody can be asked, it has to be said beforehand."""

import sys

from slipway.console.errors import SlipwayError, UsageError


def require_somebody(*, yes: bool) -> None:
    """Refuse at once if there is a question to come, and nobody to answer it."""
    if not yes and not sys.stdin.isatty():
        raise UsageError("nobody is at the terminal to be asked", then="if it is meant: --yes")


def agree(question: str) -> None:
    """Go on only if it is agreed to."""
    if not agrees(question):
        raise SlipwayError("not agreed to; nothing was changed")


def agrees(question: str) -> bool:
    """Whether it is agreed to."""
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
