"""How long ago something was, as people say it."""

from datetime import UTC, datetime, timedelta

import pytest

from slipway.console.ages import age

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(), "0 s"),
        (timedelta(seconds=119), "119 s"),
        (timedelta(minutes=2), "2 min"),
        (timedelta(minutes=119), "119 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(hours=48), "2 d"),
        (timedelta(days=400), "400 d"),
        (timedelta(seconds=-5), "0 s"),
    ],
)
def test_an_age_is_in_units_of_which_there_are_two_at_least(passed: timedelta, said: str) -> None:
    assert age(NOW - passed, NOW) == said


def test_what_is_not_known_has_no_age() -> None:
    assert age(None, NOW) == ""
