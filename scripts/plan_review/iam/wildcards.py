"""IAM's wildcards: whether one pattern takes in all that another does, or has anything in common with it."""

import re
from functools import lru_cache

_RUN = re.compile(r"[*?]*\*[*?]*")


@lru_cache(maxsize=65_536)
def includes(wide: str, narrow: str) -> bool:
    """Whether ``wide`` matches every text that ``narrow`` does: ``*`` is any text, ``?`` any letter.

    What takes more than one look at the letters (``??*`` and ``?*a``) counts as no: rather a sentence
    too many than one too few.
    """
    if wide in ("*", narrow):
        return True
    if "*" not in wide and "?" not in wide:
        return False
    return _takes_in(_normal(wide), _normal(narrow))


def _normal(pattern: str) -> str:
    """Equal patterns are written alike: of ``*?*``, the letters first, then one star."""
    return _RUN.sub(lambda run: "?" * run[0].count("?") + "*", pattern)


def _takes_in(wide: str, narrow: str) -> bool:
    """Matches ``narrow`` as if it were a text in which ``?`` is any letter and only ``*`` takes in a ``*``.

    The last star is the only one to go back to, so that no pattern takes longer than its length squared.
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
    """Whether some text is matched by both patterns."""
    reached = _stars(other, {0})
    for letter in one:
        if letter != "*":
            reached = _after(letter, other, reached)
        elif reached:  # a star leads everywhere from the first place on
            reached = set(range(min(reached), len(other) + 1))
        reached = _stars(other, reached)
    return len(other) in reached


def _stars(pattern: str, places: set[int]) -> set[int]:
    """The places, and those that follow them if a star there takes in nothing."""
    found = set(places)
    for place in sorted(places):
        at = place
        while at < len(pattern) and pattern[at] == "*":
            at += 1
            found.add(at)
    return found


def _after(letter: str, pattern: str, places: set[int]) -> set[int]:
    """Where one letter (or ``?``) can lead; a star stays where it is."""
    found = set()
    for place in places:
        if place < len(pattern) and pattern[place] == "*":
            found.add(place)
        elif place < len(pattern) and (pattern[place] == letter or "?" in (letter, pattern[place])):
            found.add(place + 1)
    return found
