"""Texts compared line by line: nothing is lost, little is said to change, and length costs little."""

import random
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from types import FrameType
from typing import Any

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


def numbered(count: int) -> list[str]:
    return [f"line {number} of a text that is long, as a bundle or a data file is" for number in range(count)]


def one_of_three(count: int) -> list[str]:
    drawn = random.Random(1)
    return [drawn.choice(["a" * 50, "b" * 50, "c" * 50]) for _ in range(count)]


def joined(before: Iterable[str], after: Iterable[str]) -> tuple[str, str]:
    return "\n".join(before), "\n".join(after)


def one_comes(count: int) -> tuple[str, str]:
    lines = numbered(count)
    return joined(lines, [*lines[: count // 2], "new", *lines[count // 2 :]])


def equal_lines(count: int) -> tuple[str, str]:
    same = ["a line that stands everywhere in this file, again and again"] * count
    return joined(same, [*same[:50], "new", *same[50:], "new"])


def one_line(count: int) -> tuple[str, str]:
    half = "x" * (32 * count)
    return f"{half}y{half}", f"{half}zz{half}"


# Two texts by their number of lines, and the most lines that are said to change of each of them.
SHAPES: Mapping[str, tuple[Callable[[int], tuple[str, str]], float]] = {
    "one comes": (one_comes, 0),
    "each hundredth": (
        lambda count: joined(
            numbered(count), (line + "!" * (n % 100 == 0) for n, line in enumerate(numbered(count)))
        ),
        0.02,
    ),
    "all": (lambda count: joined(numbered(count), (line + "!" for line in numbered(count))), 2),
    "equal lines": (equal_lines, 0),
    "three lines": (lambda count: joined(few := one_of_three(count), few[::-1]), 1.4),
    "one line": (one_line, 0),
    "no letters": (lambda count: ("\n" * 64 * count, "a" + "\n" * 64 * count + "b"), 128),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_five_megabytes_on_each_side_are_compared(shape: str) -> None:
    make, most = SHAPES[shape]
    before, after = make(100_000)
    assert min(len(before), len(after)) >= 5_000_000
    assert changed(runs(before, after)) <= most * 100_000 + 3


@pytest.mark.parametrize("shape", SHAPES)
def test_the_work_grows_no_faster_than_the_texts(shape: str) -> None:
    make, _ = SHAPES[shape]
    small, large = (steps(*make(count)) for count in (3_000, 12_000))
    assert large <= 1.1 * 4 * small


def steps(before: str, after: str) -> int:
    """The lines of Python that a comparison runs: the same number on every machine."""
    count = 0

    def step(_frame: FrameType, event: str, _argument: object) -> Any:  # noqa: ANN401 - a trace function of its own kind
        nonlocal count
        count += event == "line"
        return step

    outer = sys.gettrace()
    sys.settrace(step)
    try:
        runs.__wrapped__(before, after)
    finally:
        sys.settrace(outer)
    return count
