from datetime import UTC, datetime, timedelta

import pytest

from slipway.console.errors import UsageError
from slipway.logs.since import since

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("90s", timedelta(seconds=90)),
        ("30m", timedelta(minutes=30)),
        ("1h", timedelta(hours=1)),
        ("2d", timedelta(days=2)),
        ("1w", timedelta(weeks=1)),
    ],
)
def test_a_number_and_a_unit_is_so_long_ago(text: str, ago: timedelta) -> None:
    assert since(text, NOW) == NOW - ago


@pytest.mark.parametrize(
    ("text", "hour"), [("2026-03-01T08:00", 8), ("2026-03-01T08:00Z", 8), ("2026-03-01 08:00+02:00", 6)]
)
def test_a_time_is_utc_unless_it_says_otherwise(text: str, hour: int) -> None:
    assert since(text, NOW) == datetime(2026, 3, 1, hour, tzinfo=UTC)


def test_a_day_is_its_beginning() -> None:
    assert since("2026-02-28", NOW) == datetime(2026, 2, 28, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "1", "1y", "-1h", "h", "yesterday", "999999w", "2026-13-01", "1h "])
def test_anything_else_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(UsageError, match=r"is not a valid time\n.*30m, 1h, 2d"):
        since(text, NOW)


def test_a_time_in_the_future_is_refused_with_the_time_that_it_is() -> None:
    with pytest.raises(UsageError, match=r"in the future\n.*it is 2026-03-01T12:00:00Z now"):
        since("2026-03-01T12:01", NOW)
