"""Formats ages and durations."""

from datetime import datetime, timedelta

UNITS = (
    (timedelta(days=2), timedelta(days=1), "d"),
    (timedelta(hours=2), timedelta(hours=1), "h"),
    (timedelta(minutes=2), timedelta(minutes=1), "min"),
)


def age(since: datetime | None, now: datetime) -> str:
    """The time since, such as "3 h", in the largest unit of which there are two or more; "" for None."""
    if since is None:
        return ""
    passed = max(now - since, timedelta())
    for least, unit, word in UNITS:
        if passed >= least:
            return f"{passed // unit} {word}"
    return f"{passed // timedelta(seconds=1)} s"


def duration(seconds: float) -> str:
    """A duration, such as "4 min 40 s"."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
