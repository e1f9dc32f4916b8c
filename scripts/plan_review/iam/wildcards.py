"""IAM's wildcards: whether one pattern covers another, or overlaps with it."""

import re
from functools import lru_cache

_RUN = re.compile(r"[*?]*\*[*?]*")


@lru_cache(maxsize=65_536)
def includes(wide: str, narrow: str) -> bool:
    """Whether ``wide`` matches every text that ``narrow`` does: ``*`` is any text, ``?`` any character.

    If that takes more than one pass over the characters (``??*`` and ``?*a``), the answer is no: an unneeded
    sentence is better than a missing one.
    """
    if wide in ("*", narrow):
        return True
    if "*" not in wide and "?" not in wide:
        return False
    return _takes_in(_normal(wide), _normal(narrow))


def _normal(pattern: str) -> str:
    """A canonical form, the same for equal patterns: in ``*?*``, the ``?`` first, then one star."""
    return _RUN.sub(lambda run: "?" * run[0].count("?") + "*", pattern)


def _takes_in(wide: str, narrow: str) -> bool:
    """Matches ``narrow`` as a text in which ``?`` is any character and only ``*`` matches a ``*``.

    Backtracking goes only to the last star, so the time is at most quadratic.
    """
    w = n = 0
    star = held = -1
    while n < len(narrow):
        if w < len(wide) and wide[w] == "*":
            star, held, w = w, n, w + 1
        elif w < len(wide) and (wide[w] == narrow[n] or (wide[w] == "?" and narrow[n] != "*")):
            w, n = w + 1, n + 1
        elif star >= 0:
            held += 1
            w, n = star + 1, held
        else:
            return False
    return not wide[w:].strip("*")


@lru_cache(maxsize=16_384)
def overlaps(one: str, other: str) -> bool:
    """Whether some text matches both patterns."""
    reached = _stars(other, {0})
    for letter in one:
        if letter != "*":
            reached = _after(letter, other, reached)
        elif reached:  # a star can reach every place after the first one
            reached = set(range(min(reached), len(other) + 1))
        reached = _stars(other, reached)
    return len(other) in reached


def _stars(pattern: str, places: set[int]) -> set[int]:
    """The places, and those after a star that matches nothing."""
    found = set(places)
    for place in sorted(places):
        at = place
        while at < len(pattern) and pattern[at] == "*":
            at += 1
            found.add(at)
    return found


def _after(letter: str, pattern: str, places: set[int]) -> set[int]:
    """The places after one more character (or ``?``); a star can stay in its place."""
    found = set()
    for place in places:
        if place < len(pattern) and pattern[place] == "*":
            found.add(place)
        elif place < len(pattern) and (pattern[place] == letter or "?" in (letter, pattern[place])):
            found.add(place + 1)
    return found
