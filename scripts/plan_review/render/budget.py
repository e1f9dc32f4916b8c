"""Fits a text into a number of characters: the least risky details are dropped, and counted."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property


@dataclass(frozen=True)
class Piece:
    """Lines that are kept or dropped together.

    section, fold: where they belong; a fold is a collapsed block with that title, "" for none. outline: the
    lines, or a short form of them if ``write`` makes them when there is room. risk: a higher one is kept
    longer. what: the name of what is dropped, for example ``change``.
    """

    section: str
    outline: str
    risk: int
    what: str
    fold: str = ""
    write: Callable[[], str] | None = None

    @cached_property
    def text(self) -> str:
        """The lines."""
        return self.write() if self.write else self.outline


Assemble = Callable[[list[Piece], Counter[str]], str]


def size(text: str) -> int:
    """Characters as GitHub's limit for comments counts them: those beyond U+FFFF count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fit(pieces: list[Piece], budget: int, assemble: Assemble) -> str:
    """The text of as many pieces as fit the budget. assemble: called with kept pieces and lost ones."""
    by_risk = sorted(range(len(pieces)), key=lambda number: (-pieces[number].risk, number))
    room = _within([pieces[number] for number in by_risk], budget - _frame(pieces, assemble))
    lost = Counter(pieces[number].what for number in reversed(by_risk[room:]))
    del by_risk[room:]
    while True:
        text = assemble([pieces[number] for number in sorted(by_risk)], lost)
        excess = size(text) - budget
        if excess <= 0 or not by_risk:
            return text
        while excess > 0 and by_risk:
            gone = pieces[by_risk.pop()]
            lost[gone.what] += 1
            excess -= size(gone.text)


def _frame(pieces: list[Piece], assemble: Assemble) -> int:
    """The characters that surround the pieces, computed without writing them."""
    outlines = [replace(piece, write=None) for piece in pieces]
    return size(assemble(outlines, Counter())) - sum(size(piece.outline) for piece in pieces)


def _within(pieces: list[Piece], room: int) -> int:
    """How many of the first pieces fit; pieces that do not are never written."""
    for number, piece in enumerate(pieces):
        room -= size(piece.text)
        if room < 0:
            return number
    return len(pieces)
