"""Keeps a text within a number of characters: the least risky detail goes first, and it is said what went."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """Some lines that stand or go together.

    section, fold: where they belong; a fold is folded away under that title, none is shown at once.
    risk: what has more stays longer. what: a word for what is lost with it, for example ``change``.
    """

    section: str
    text: str
    risk: int
    what: str
    fold: str = ""


Assemble = Callable[[list[Piece], Counter[str]], str]


def size(text: str) -> int:
    """Characters as a comment's limit counts them: those beyond the first 65,536 count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fit(pieces: list[Piece], budget: int, assemble: Assemble) -> str:
    """The text of as many pieces as the budget allows; assemble is told what was left out of it."""
    kept = dict(enumerate(pieces))
    by_risk = sorted(kept, key=lambda number: (-pieces[number].risk, number))
    lost: Counter[str] = Counter()
    text = assemble(list(kept.values()), lost)
    while (excess := size(text) - budget) > 0 and by_risk:
        while excess > 0 and by_risk:
            gone = kept.pop(by_risk.pop())
            lost[gone.what] += 1
            excess -= size(gone.text)
        text = assemble(list(kept.values()), lost)
    return text
