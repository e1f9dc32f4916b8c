"""The matrix lets every two ways of two settings meet, in few pipelines, and is the same each time."""

from itertools import combinations

import pytest

from tests.security.scan.matrix import EXISTING, IMPOSSIBLE, WAYS, Choice, pipelines, rows

MATRICES = pytest.mark.parametrize("existing", [False, True], ids=["settings", "what exists"])


def pairs(existing: bool, left_out: object = None) -> set[frozenset[Choice]]:
    """The pairs that meet in the rows, without one of them."""
    others = (row for row in rows(existing) if row is not left_out)
    return {frozenset(pair) for row in others for pair in combinations(row.items(), 2)}


@MATRICES
def test_every_two_ways_of_two_settings_meet_in_a_row(existing: bool) -> None:
    ways = EXISTING if existing else WAYS
    wanted = {
        frozenset({(one, a), (other, b)})
        for one, other in combinations(ways, 2)
        for a in ways[one]
        for b in ways[other]
    }
    assert pairs(existing) == wanted - IMPOSSIBLE


@MATRICES
def test_no_row_could_be_left_out(existing: bool) -> None:
    for left_out in rows(existing):
        assert pairs(existing, left_out) != pairs(existing), left_out


def test_the_rows_are_few_and_each_is_a_pipeline() -> None:
    assert 14 <= len(pipelines()) <= 24


@pytest.mark.parametrize("setting", [*WAYS, *EXISTING])
def test_each_way_makes_another_pipeline(setting: str) -> None:
    ways = {**WAYS, **EXISTING}[setting]
    assert len({str(way) for way in ways.values()}) == len(ways)
