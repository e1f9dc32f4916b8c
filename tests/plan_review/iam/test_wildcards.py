"""Wildcards compared: what one pattern takes in of another, tried against every short text."""

from fnmatch import fnmatchcase
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan_review.iam.wildcards import includes, overlaps

patterns = st.text("ab*?", max_size=6)
TEXTS = ["".join(letters) for length in range(7) for letters in product("abc", repeat=length)]


def matched(pattern: str) -> set[str]:
    return {text for text in TEXTS if fnmatchcase(text, pattern)}


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("*", "s3:GetObject"),
        ("s3:*", "s3:Get*"),
        ("s3:Get*", "s3:GetObject"),
        ("s3:*Object", "s3:Put*Object"),
        ("arn:aws:s3:::logs/*", "arn:aws:s3:::logs/2026/*"),
        ("a?c", "abc"),
        ("a*", "a?"),
        ("*?", "?*"),
        ("a**b", "a*b"),
    ],
)
def test_a_wider_pattern_takes_in_a_narrower_one(wide: str, narrow: str) -> None:
    assert includes(wide, narrow)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("s3:Get*", "s3:*"),
        ("s3:GetObject", "s3:Get*"),
        ("arn:aws:s3:::logs/*", "arn:aws:s3:::logs"),
        ("arn:aws:s3:::logs", "arn:aws:s3:::Logs"),
        ("a?c", "a*c"),
        ("a?", "a"),
        ("?*", "*"),
    ],
)
def test_a_pattern_does_not_take_in_what_it_does_not_match(wide: str, narrow: str) -> None:
    assert not includes(wide, narrow)


@given(patterns, patterns)
def test_inclusion_is_what_matching_says(wide: str, narrow: str) -> None:
    # A third letter stands for all that no pattern names: what holds for it holds for every other.
    short = {text for text in matched(narrow) if len(text) <= 6}

    if includes(wide, narrow):
        assert short <= matched(wide)


@given(patterns, st.text("abc", max_size=6))
def test_a_text_is_taken_in_by_the_patterns_that_match_it_alone(pattern: str, text: str) -> None:
    assert includes(pattern, text) == fnmatchcase(text, pattern)


@given(patterns, patterns)
def test_two_patterns_overlap_if_a_text_matches_both(one: str, other: str) -> None:
    if matched(one) & matched(other):
        assert overlaps(one, other)
    assert overlaps(one, other) == overlaps(other, one)


@given(st.text("ab", max_size=5), patterns)
def test_a_text_overlaps_the_patterns_that_match_it_alone(text: str, pattern: str) -> None:
    assert overlaps(text, pattern) == fnmatchcase(text, pattern)


def test_a_hostile_pattern_takes_no_longer_than_its_length_squared() -> None:
    assert not includes("*a" * 500 + "b", "a" * 4_000)
