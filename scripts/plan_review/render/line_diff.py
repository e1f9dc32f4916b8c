"""Compares texts of any length line by line; their common beginning and end are cut off first.

The rest is compared by difflib up to 2,000 lines a side, and beyond that by lines that occur once on each
side, as patience diff does (Bram Cohen; `git diff --patience`), whose time grows linearly.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from typing import Literal

MOST_LINES = 2_000  # per side, for difflib
MOST_PAIRS = 50_000  # of equal lines: difflib visits each pair several times
MOST_HASHED = (
    200_000  # per side; beyond that, everything between the first and the last difference counts as changed
)

Sign = Literal[" ", "-", "+"]
Blocks = Iterator[tuple[int, int, int]]  # of unchanged lines: their start before and after, and their number


@dataclass(frozen=True)
class Run:
    """Adjacent lines that are unchanged, removed (``-``) or added (``+``)."""

    sign: Sign
    lines: tuple[str, ...]


@lru_cache(maxsize=16)  # all formats, and findings as well as changes, show the same texts
def runs(before: str, after: str) -> tuple[Run, ...]:
    """The lines of two texts in order; within a change the old lines come first."""
    head, old, new, tail = _parts(before, after)
    signed: list[tuple[Sign, Sequence[str]]] = [(" ", head)]
    i = j = 0
    for one, other, length in (*_blocks(old, new), (len(old), len(new), 0)):
        signed += [("-", old[i:one]), ("+", new[j:other]), (" ", old[one : one + length])]
        i, j = one + length, other + length
    signed.append((" ", tail))
    joined = groupby((run for run in signed if run[1]), key=lambda run: run[0])
    return tuple(Run(sign, tuple(line for _, lines in parts for line in lines)) for sign, parts in joined)


def common_beginning(one: str, other: str) -> int:
    """The length of the common beginning of two texts, in characters."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_end(one: str, other: str, most: int) -> int:
    """The length of the common end of two texts, in characters; at most ``most``."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low


def _parts(before: str, after: str) -> tuple[list[str], list[str], list[str], list[str]]:
    """The lines of the common beginning, those that differ on each side, and those of the common end."""
    begins = before.rfind("\n", 0, common_beginning(before, after)) + 1
    alike = common_end(before, after, min(len(before), len(after)) - begins)
    ends = before.find("\n", len(before) - alike) if alike else -1
    if ends < begins:
        return before[:begins].split("\n")[:-1], before[begins:].split("\n"), after[begins:].split("\n"), []
    rest = len(before) - ends
    return (
        before[:begins].split("\n")[:-1],
        before[begins:ends].split("\n"),
        after[begins : len(after) - rest].split("\n"),
        before[ends + 1 :].split("\n"),
    )


def _blocks(old: Sequence[str], new: Sequence[str]) -> Blocks:
    if not old or not new or max(len(old), len(new)) > MOST_HASHED:
        return
    if len(old) == len(new) == 1:
        if old[0] == new[0]:
            yield 0, 0, 1
        return
    if max(len(old), len(new)) <= MOST_LINES and _equal_pairs(old, new) <= MOST_PAIRS:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        yield from ((match.a, match.b, match.size) for match in matcher.get_matching_blocks() if match.size)
        return
    anchors = _anchors(_once(old), _once(new)) or max(
        _anchors(_numbered(old), _numbered(new)), _in_place(old, new), key=_length
    )
    i = j = 0
    for one, other, length in (*anchors, (len(old), len(new), 0)):
        if 0 < one - i <= MOST_LINES and 0 < other - j <= MOST_LINES:
            yield from ((i + a, j + b, size) for a, b, size in _blocks(old[i:one], new[j:other]))
        if length:
            yield one, other, length
        i, j = one + length, other + length


def _equal_pairs(old: Sequence[str], new: Sequence[str]) -> int:
    """The number of pairs of equal lines that difflib would visit; 0 if there are few."""
    if len(old) * len(new) <= MOST_PAIRS:
        return 0
    times = Counter(old)
    return sum(number * times[line] for line, number in Counter(new).items() if line in times)


def _once(lines: Sequence[str]) -> dict[Hashable, int]:
    """The index of each line that occurs exactly once."""
    times = Counter(lines)
    return {line: place for place, line in enumerate(lines) if times[line] == 1}


def _numbered(lines: Sequence[str]) -> dict[Hashable, int]:
    """The index of every line; equal lines are distinguished by their number of earlier occurrences."""
    seen: Counter[str] = Counter()
    found: dict[Hashable, int] = {}
    for place, line in enumerate(lines):
        seen[line] += 1
        found[line, seen[line]] = place
    return found


def _in_place(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """Lines that are the same at the same index, if both sides have equally many."""
    if len(old) != len(new):
        return []
    equal = [one == other for one, other in zip(old, new, strict=True)]
    found, place = [], 0
    for same, places in groupby(equal):
        length = sum(1 for _ in places)
        found += [(place, place, length)] if same else []
        place += length
    return found


def _length(blocks: list[tuple[int, int, int]]) -> int:
    return sum(length for _, _, length in blocks)


def _anchors(old: dict[Hashable, int], new: dict[Hashable, int]) -> list[tuple[int, int, int]]:
    """The longest sequence of lines that occurs in the same order on both sides, as blocks."""
    pairs = [(place, new[line]) for line, place in old.items() if line in new]
    ends: list[int] = []  # the lowest index at which a sequence of each length can end
    last: list[int] = []  # and the pair that ends the sequence
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        if not ends or place > ends[-1]:
            before.append(last[-1] if last else -1)
            ends.append(place)
            last.append(number)
            continue
        at = bisect_left(ends, place)
        ends[at], last[at] = place, number
        before.append(last[at - 1] if at else -1)
    found: list[tuple[int, int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        one, other = pairs[number]
        if found and found[-1][:2] == (one + 1, other + 1):
            found[-1] = (one, other, found[-1][2] + 1)
        else:
            found.append((one, other, 1))
        number = before[number]
    return found[::-1]
