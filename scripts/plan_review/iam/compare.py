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
    return (*_more(added, _without(left, come)), *_less(gone, _without(come, {*left, *added})))


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


def _more(added: list[PolicyStatement], left: list[PolicyStatement]) -> Iterator[StatementChange]:
    """What is new: wider, if it takes in something that stood there in its place."""
    for part in added:
        narrower = tuple(each for each in left if part.covers(each))
        if part.allows:
            yield StatementChange(Kind.WIDENED if narrower else Kind.GAINED, part, narrower)
        else:
            yield StatementChange(Kind.NARROWED if narrower else Kind.LOST, part, narrower)


def _less(gone: list[PolicyStatement], come: list[PolicyStatement]) -> Iterator[StatementChange]:
    """What is no longer there: narrower, if something that it took in is left in its place."""
    for part in gone:
        rest = tuple(each for each in come if part.covers(each))
        if part.allows:
            yield StatementChange(Kind.NARROWED if rest else Kind.LOST, part, rest)
        else:
            yield StatementChange(Kind.WIDENED if rest else Kind.GAINED, part, rest)
