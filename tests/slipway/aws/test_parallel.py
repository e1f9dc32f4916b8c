"""Several questions at a time: answers in order, and the first failure is the end."""

import threading

import pytest

from slipway.aws.parallel import AT_ONCE, each


def test_answers_come_in_the_order_of_the_questions() -> None:
    assert each(lambda number: number * 2, range(50)) == list(range(0, 100, 2))


def test_as_many_are_asked_at_a_time_as_a_client_has_connections_for() -> None:
    meeting = threading.Barrier(AT_ONCE, timeout=30)
    assert each(lambda _: meeting.wait() >= 0, range(AT_ONCE)) == [True] * AT_ONCE


def test_the_first_failure_is_told_and_no_more_is_asked() -> None:
    asked: list[int] = []

    def ask(number: int) -> None:
        asked.append(number)
        raise ValueError(number)

    with pytest.raises(ValueError, match=r"^0$"):
        each(ask, range(1000))
    assert len(asked) < 1000
