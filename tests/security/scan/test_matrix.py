"""The matrix lets every two ways of two settings meet, in few pipelines, and is the same each time."""

from itertools import combinations

from tests.security.scan.matrix import WAYS, pipelines, rows


def test_every_two_ways_of_two_settings_meet_in_a_row() -> None:
    for one, other in combinations(WAYS, 2):
        met = {(row[one], row[other]) for row in rows()}
        assert met == {(a, b) for a in WAYS[one] for b in WAYS[other]}, f"{one} and {other}"


def test_no_row_could_be_left_out() -> None:
    for left_out in rows():
        others = [row for row in rows() if row is not left_out]
        seen = [{(row[a], row[b]) for row in others} for a, b in combinations(WAYS, 2)]
        wanted = [{(x, y) for x in WAYS[a] for y in WAYS[b]} for a, b in combinations(WAYS, 2)]
        assert seen != wanted, left_out


def test_the_rows_are_few_and_each_is_a_pipeline() -> None:
    assert 9 <= len(pipelines()) <= 16


def test_each_way_makes_another_pipeline() -> None:
    for setting, ways in WAYS.items():
        assert len({str(way) for way in ways.values()}) == len(ways), setting
