"""The one line that stands above everything: what would happen, in how many stacks, and what blocks."""

from collections.abc import Sequence

from plan_review.counts import Counts
from plan_review.finding import Finding

_WORDS = (
    ("added", "to add"),
    ("changed", "to change"),
    ("replaced", "to replace"),
    ("destroyed", "to destroy"),
    ("moved", "to move"),
    ("imported", "to import"),
    ("forgotten", "to forget"),
    ("read", "to read"),
    ("invoked", "to run"),
    ("deferred", "put off"),
)


def verdict(counts: Counts, *, changing: int, stacks: int, findings: Sequence[Finding]) -> str:
    """The verdict; ``changing``: in how many of the ``stacks`` something would happen."""
    blocking = [each for each in findings if each.blocks]
    said = _changes(counts, changing, stacks)
    if blocking:
        rules = list(dict.fromkeys(each.rule for each in blocking))
        return f"Blocked by {_many(len(blocking), 'risk')} ({', '.join(rules)}): {said[0].lower()}{said[1:]}"
    return said


def _changes(counts: Counts, changing: int, stacks: int) -> str:
    """Who reads “replace” must not count what is replaced twice, as Terraform's own summary does."""
    where = (
        f"in {_many(stacks, 'stack')}" if changing == stacks else f"in {changing} of {_many(stacks, 'stack')}"
    )
    if counts.nothing:
        return f"Nothing changes in {_many(stacks, 'stack')}"
    apart = {"added": counts.added - counts.replaced, "destroyed": counts.destroyed - counts.replaced}
    numbers = [(apart.get(name, getattr(counts, name)), words) for name, words in _WORDS]
    listed = [f"{number} {words}" for number, words in numbers if number > 0]
    if counts.outputs and not listed:
        return (
            f"Only {_many(counts.outputs, 'output')} {'changes' if counts.outputs == 1 else 'change'} {where}"
        )
    return f"{', '.join(listed)} {where}"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
