"""Requests that must be denied are denied by an evaluation as IAM does it, and their controls are allowed."""

import pytest

from tests.security.denials.table import DENIALS
from tests.security.evaluation import Decision, evaluate

ENOUGH = 60


@pytest.mark.parametrize("topic", DENIALS)
def test_nothing_of_this_is_possible_and_each_control_is(topic: str) -> None:
    table = DENIALS[topic]()
    refused = evaluate(each.refused for each in table)
    granted = evaluate(each.granted for each in table)
    possible = [it.what for it, said in zip(table, refused, strict=True) if said is Decision.ALLOWED]
    senseless = [it.what for it, said in zip(table, granted, strict=True) if said is not Decision.ALLOWED]
    assert (possible, senseless) == ([], [])


def test_there_are_enough_of_them_and_no_two_say_the_same() -> None:
    said = [each.what for topic in DENIALS.values() for each in topic()]
    assert len(said) == len(set(said))
    assert len(said) >= ENOUGH
