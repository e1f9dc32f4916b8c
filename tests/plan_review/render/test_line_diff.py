"""Texts compared line by line: nothing is lost, little is said to change, and length costs little."""

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan_review.render.line_diff import Run, runs

some_lines = st.lists(st.sampled_from(["a", "b", "", "  }", "x: 1"]), max_size=30).map("\n".join)


def side(found: Sequence[Run], *signs: str) -> str:
    return "\n".join(line for run in found if run.sign in signs for line in run.lines)


def changed(found: Sequence[Run]) -> int:
    return sum(len(run.lines) for run in found if run.sign != " ")


@given(some_lines, some_lines)
def test_both_texts_can_be_read_from_it(before: str, after: str) -> None:
    found = runs(before, after)
    assert side(found, " ", "-") == before
    assert side(found, " ", "+") == after
    assert all(one.sign != other.sign for one, other in pairwise(found))


@given(some_lines, st.integers(0, 30), st.integers(0, 10))
def test_a_line_that_comes_is_the_only_one_that_changes(before: str, place: int, times: int) -> None:
    lines = (before + f"\n{before}" * times).split("\n")
    after = [*lines[:place], "new", *lines[place:]]
    assert changed(runs("\n".join(lines), "\n".join(after))) == 1


LINES = [f"line {number} of a text that is long, as a bundle or a data file is" for number in range(80_000)]
SAME = ["a line that stands everywhere in this file, again and again"] * 85_000


def one_of_three() -> list[str]:
    drawn = random.Random(1)
    return [drawn.choice(["a" * 50, "b" * 50, "c" * 50]) for _ in range(100_000)]


def joined(before: Iterable[str], after: Iterable[str]) -> tuple[str, str]:
    return "\n".join(before), "\n".join(after)


# Made when a test needs them: a hundred megabytes, and each worker collects every test.
BIG: Mapping[str, tuple[Callable[[], tuple[str, str]], int]] = {
    "one comes": (lambda: joined(LINES, [*LINES[:40_000], "new", *LINES[40_000:]]), 1),
    "each hundredth": (
        lambda: joined(LINES, (line + "!" * (n % 100 == 0) for n, line in enumerate(LINES))),
        1_600,
    ),
    "all": (lambda: joined(LINES, (line + "!" for line in LINES)), 160_000),
    "equal lines": (lambda: joined(SAME, [*SAME[:50], "new", *SAME[50:], "new"]), 2),
    "three lines": (lambda: joined(few := one_of_three(), few[::-1]), 140_000),
    "one line": (
        lambda: ("x" * 2_500_000 + "y" + "x" * 2_500_000, "x" * 2_500_000 + "zz" + "x" * 2_500_000),
        2,
    ),
    "no letters": (lambda: ("\n" * 5_000_000, "a" + "\n" * 5_000_000 + "b"), 10_000_003),
}


@pytest.mark.parametrize("name", BIG)
def test_five_megabytes_on_each_side_take_less_than_a_second(name: str) -> None:
    make, most = BIG[name]
    before, after = make()
    assert min(len(before), len(after)) >= 5_000_000
    begun = time.process_time()
    found = runs(before, after)
    assert time.process_time() - begun < 1
    assert changed(found) <= most
