"""How long ago something was, as people say it."""

from datetime import datetime, timedelta

UNITS = (
    (timedelta(days=2), timedelta(days=1), "d"),
    (timedelta(hours=2), timedelta(hours=1), "h"),
    (timedelta(minutes=2), timedelta(minutes=1), "min"),
)


def age(since: datetime | None, now: datetime) -> str:
    """The time between, in whole units of which there are two at least; "" if it is not known."""
    if since is None:
        return ""
    passed = max(now - since, timedelta())
    for least, unit, word in UNITS:
        if passed >= least:
            return f"{passed // unit} {word}"
    return f"{passed // timedelta(seconds=1)} s"
