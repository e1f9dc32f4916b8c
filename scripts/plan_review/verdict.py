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
        return f"Blocked by {_risks(len(blocking))} ({', '.join(rules)}): {said[0].lower()}{said[1:]}"
    return said


def _changes(counts: Counts, changing: int, stacks: int) -> str:
    where = f"in {_stacks(stacks)}" if changing == stacks else f"in {changing} of {_stacks(stacks)}"
    if counts.nothing:
        return f"Nothing changes in {_stacks(stacks)}"
    apart = {"added": counts.added - counts.replaced, "destroyed": _destroyed_alone(counts)}
    numbers = [(apart.get(name, getattr(counts, name)), words) for name, words in _WORDS]
    listed = [f"{number} {words}" for number, words in numbers if number > 0]
    if counts.outputs and not listed:
        return (
            f"Only {counts.outputs} {'output changes' if counts.outputs == 1 else 'outputs change'} {where}"
        )
    return f"{', '.join(listed)} {where}"


def _destroyed_alone(counts: Counts) -> int:
    """Those that are destroyed and not replaced: somebody who reads “replace” must not count them twice."""
    return counts.destroyed - counts.replaced


def _stacks(number: int) -> str:
    return "1 stack" if number == 1 else f"{number} stacks"


def _risks(number: int) -> str:
    return "1 risk" if number == 1 else f"{number} risks"
