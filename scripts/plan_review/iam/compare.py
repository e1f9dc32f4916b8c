"""What one set of statements allows that another does not: equal but reordered is no change."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from plan_review.iam.permission_change import Kind
from plan_review.iam.statement import PolicyStatement

MOST_PARTS = 20_000
"""Far above what AWS's limits of length let anyone write; above it, nothing is compared."""


class TooLargeError(ValueError):
    """A policy has more parts than any that AWS would take."""


@dataclass(frozen=True)
class StatementChange:
    """One part that is new, wider, narrower or gone; ``other``: the parts that it replaces, or leaves.

    A Deny that goes or becomes narrower is a permission gained: ``part`` is that Deny, and ``kind`` says
    what becomes of permissions, never of the statement.
    """

    kind: Kind
    part: PolicyStatement
    other: tuple[PolicyStatement, ...] = ()


def compare(
    before: Sequence[PolicyStatement], after: Sequence[PolicyStatement]
) -> tuple[StatementChange, ...]:
    """Every permission that the statements after give or take, compared with those before."""
    old, new = set(before), set(after)
    left, come = _parts(old - new), _parts(new - old)
    gone = _uncovered(left, new)
    added = _uncovered(come, old)
    more = _told(added, _without(left, come), new=True)
    return (*more, *_told(gone, _without(come, {*left, *added}), new=False))


def _parts(statements: Iterable[PolicyStatement]) -> list[PolicyStatement]:
    """Every part once; the order is the same for the same statements."""
    listed = list(statements)
    if sum(each.size for each in listed) > MOST_PARTS:
        raise TooLargeError
    return sorted({part for each in listed for part in each.parts()}, key=_order)


def _order(part: PolicyStatement) -> tuple[object, ...]:
    conditions = sorted((each.operator, each.key, sorted(each.values)) for each in part.conditions)
    return (part.allows, part.principals, part.resources, conditions, part.actions)


def _uncovered(parts: list[PolicyStatement], by: Set[PolicyStatement]) -> list[PolicyStatement]:
    return [part for part in parts if not any(each.covers(part) for each in by)]


def _without(parts: list[PolicyStatement], others: Iterable[PolicyStatement]) -> list[PolicyStatement]:
    apart = set(others)
    return [part for part in parts if part not in apart]


def _told(
    parts: list[PolicyStatement], others: list[PolicyStatement], *, new: bool
) -> Iterator[StatementChange]:
    """What is new, or gone: wider or narrower, if something that it takes in stands there in its place."""
    for part in parts:
        within = tuple(each for each in others if part.covers(each))
        if part.allows is new:
            yield StatementChange(Kind.WIDENED if within else Kind.GAINED, part, within)
        else:
            yield StatementChange(Kind.NARROWED if within else Kind.LOST, part, within)
