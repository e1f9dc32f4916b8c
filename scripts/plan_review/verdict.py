"""The one line that stands above everything: what would happen, in how many stacks, and what blocks."""

from collections.abc import Sequence

from plan_review.counts import Counts, counted
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
        return (
            f"Blocked by {counted(len(blocking), 'risk')} ({', '.join(rules)}): {said[0].lower()}{said[1:]}"
        )
    return said


def _changes(counts: Counts, changing: int, stacks: int) -> str:
    """Who reads “replace” must not count what is replaced twice, as Terraform's own summary does."""
    every = counted(stacks, "stack")
    where = f"in {every}" if changing == stacks else f"in {changing} of {every}"
    if counts.nothing:
        return f"Nothing changes in {every}"
    apart = {"added": counts.added - counts.replaced, "destroyed": counts.destroyed - counts.replaced}
    numbers = [(apart.get(name, getattr(counts, name)), words) for name, words in _WORDS]
    listed = [f"{number} {words}" for number, words in numbers if number > 0]
    if counts.outputs and not listed:
        change = "changes" if counts.outputs == 1 else "change"
        return f"Only {counted(counts.outputs, 'output')} {change} {where}"
    return f"{', '.join(listed)} {where}"
