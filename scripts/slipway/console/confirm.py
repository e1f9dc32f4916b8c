"""Asks before anything changes; where nobody can be asked, it has to be said beforehand."""

import sys

from slipway.console.errors import SlipwayError, UsageError


def require_somebody(*, yes: bool, option: str = "--yes") -> None:
    """Refuse at once if there is a question to come, and nobody to answer it. option: what answers it."""
    if not yes and not sys.stdin.isatty():
        raise UsageError("confirmation required, but stdin is not a terminal", then=f"pass {option}")


def agree(question: str) -> None:
    """Go on only if it is agreed to."""
    if ask(f"{question} [y/N] ").lower() not in ("y", "yes"):
        raise SlipwayError("Aborted. Nothing was changed.")


def ask(question: str) -> str:
    """What somebody types as the answer; empty at the end of the input."""
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip()
