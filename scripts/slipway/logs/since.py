"""Parses the option ``--since``: ``30m``, ``1h``, ``2d``, or a time."""

import re
from datetime import UTC, datetime, timedelta

from slipway.console.errors import UsageError

AGO = re.compile(r"(?P<count>\d{1,6})(?P<unit>[smhdw])")
EARLIEST = datetime.fromtimestamp(0, UTC)
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def since(text: str, now: datetime) -> datetime:
    """Parse an age or a time; a time without an offset is UTC. Raises UsageError if it is invalid."""
    if ago := AGO.fullmatch(text):
        try:
            at = now - timedelta(**{UNITS[ago["unit"]]: int(ago["count"])})
        except OverflowError:
            raise _unreadable(text) from None
    else:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise _unreadable(text) from None
    at = at.replace(tzinfo=at.tzinfo or UTC)
    if at < EARLIEST:
        raise UsageError(f"--since {text} is before 1970", then="give a later time, or an age such as 2d")
    if at > now:
        raise UsageError(
            f"--since {text} is in the future",
            why=f"it is {now:%Y-%m-%dT%H:%M:%SZ} now",
            then="give an earlier time, or an age such as 30m",
        )
    return at


def _unreadable(text: str) -> UsageError:
    return UsageError(
        f"--since {text!r} is not a valid time",
        then="give an age (30s, 30m, 1h, 2d, 1w), or a time such as 2026-01-31T08:00 (UTC without an offset)",
    )
