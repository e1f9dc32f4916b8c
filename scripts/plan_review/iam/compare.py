"""Compares two sets of statements by what they allow; their order does not matter."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Literal, TypeAlias, TypeVar

from plan_review.iam.condition import implied
from plan_review.iam.pattern_set import PatternSet, joined
from plan_review.iam.permission_change import Kind
from plan_review.iam.statement import PolicyStatement
from plan_review.iam.statement_index import StatementIndex

MOST_PARTS = 20_000
"""Far more than AWS's limits of length allow; beyond that, nothing is compared."""

SAME = None
"""The result for a pattern that covers only itself."""

Covered: TypeAlias = tuple[PatternSet | Literal[False] | None, ...]
Answer = TypeVar("Answer", bound=Hashable)


class TooLargeError(ValueError):
    """A policy has more parts than AWS would accept."""


@dataclass(frozen=True)
class StatementChange:
    """A statement, or a part of one, that is added, widened, narrowed or removed.

    other: the statements or parts that it replaces, or that remain. A Deny that is removed or narrowed is a
    gained permission: ``part`` is that Deny, and ``kind`` describes the permission, never the statement.
    """

    kind: Kind
    part: PolicyStatement
    other: tuple[PolicyStatement, ...] = ()


def compare(
    before: Sequence[PolicyStatement], after: Sequence[PolicyStatement]
) -> tuple[StatementChange, ...]:
    """Every permission that the statements after add or remove, compared with those before."""
    old, new = set(before), set(after)
    left, come = _bounded(old - new), _bounded(new - old)
    gone, stayed = _split(left, StatementIndex(new))
    added, known = _split(come, StatementIndex(old))
    more = _told(added, _without([*gone, *stayed], come), new=True)
    return (*more, *_told(gone, _without(known, left), new=False))


def _bounded(statements: Iterable[PolicyStatement]) -> list[PolicyStatement]:
    """The statements in a canonical order. Raises TooLargeError."""
    listed = list(statements)
    if sum(statement.size for statement in listed) > MOST_PARTS:
        raise TooLargeError
    return sorted(listed, key=_order)


def _order(part: PolicyStatement) -> tuple[object, ...]:
    conditions = sorted(
        (condition.operator, condition.key, sorted(condition.values)) for condition in part.conditions
    )
    return (part.allows, part.principals, part.resources, conditions, part.actions)


def _split(
    statements: list[PolicyStatement], by: StatementIndex
) -> tuple[list[PolicyStatement], list[PolicyStatement]]:
    """What no other statement covers, and the rest; both in parts that are as large as possible."""
    apart: list[PolicyStatement] = []
    covered: list[PolicyStatement] = []
    for statement in statements:
        nearby = [other for other in by.near(statement) if _may_cover(other, statement)]
        if not nearby:
            apart.append(statement)
            continue
        for masks, part in _in_classes(statement, partial(_covering, nearby)):
            first, second, third = masks
            (covered if first & second & third else apart).append(part)
    return _once(apart), covered


def _may_cover(mine: PolicyStatement, other: PolicyStatement) -> bool:
    """Whether a statement covers everything that it has in common with the other."""
    return mine.allows is other.allows and implied(other.conditions, mine.conditions)


def _covering(statements: list[PolicyStatement], place: int, one: PatternSet) -> int:
    """The statements that cover a pattern, as bits."""
    numbered = enumerate(statements)
    return sum(1 << n for n, statement in numbered if _takes_in(place, statement.dimensions[place], one))


def _takes_in(place: int, mine: PatternSet, other: PatternSet) -> bool:
    """Whether one scope covers another; IAM's actions are case-insensitive."""
    return mine == other or (mine.covers(other) if place else mine.folded.covers(other.folded))


def _in_classes(
    statement: PolicyStatement, ask: Callable[[int, PatternSet], Answer]
) -> Iterator[tuple[tuple[Answer, ...], PolicyStatement]]:
    """A statement in parts: patterns with the same result stay together; with that result."""
    dimensions = []
    for place in range(len(statement.dimensions)):
        classes: dict[Answer, list[PatternSet]] = defaultdict(list)
        for one in statement.singles(place):
            classes[ask(place, one)].append(one)
        dimensions.append([(answer, joined(ones)) for answer, ones in classes.items()])
    for found in product(*dimensions):
        yield tuple(answer for answer, _ in found), statement.about(*(scope for _, scope in found))


def _once(parts: list[PolicyStatement]) -> list[PolicyStatement]:
    """The parts without overlaps."""
    named = Counter(pattern for part in parts for pattern in part.resources.patterns)
    owner: dict[PolicyStatement, int] = {}
    overlapping: set[int] = set()
    for number, part in enumerate(parts):
        if part.resources.patterns and all(named[pattern] == 1 for pattern in part.resources.patterns):
            continue  # no other part names these resources
        for one in part.parts():
            if owner.setdefault(one, number) != number:
                overlapping |= {owner[one], number}
    whole = [part for number, part in enumerate(parts) if number not in overlapping]
    return [*whole, *(one for one, number in owner.items() if number in overlapping)]


def _without(parts: list[PolicyStatement], others: list[PolicyStatement]) -> list[PolicyStatement]:
    """The parts without those that the others contain in the same words."""
    close = _naming_the_same(others, parts)
    said = {one for statement in close for one in statement.parts()}
    if not said:
        return parts
    apart = {
        part: [one for one in part.parts() if one not in said] for part in _naming_the_same(parts, close)
    }
    found: list[PolicyStatement] = []
    for part in parts:
        rest = apart.get(part)
        found += [part] if rest is None or len(rest) == part.size else rest
    return found


def _naming_the_same(parts: list[PolicyStatement], others: list[PolicyStatement]) -> list[PolicyStatement]:
    """The parts that may have words in common with one of the others."""
    names = [
        {pattern for other in others for pattern in other.dimensions[place].patterns or ("",)}
        for place in range(3)
    ]
    return [
        part
        for part in parts
        if not any(
            known.isdisjoint(scope.patterns or ("",))
            for known, scope in zip(names, part.dimensions, strict=True)
        )
    ]


def _told(
    parts: list[PolicyStatement], others: list[PolicyStatement], *, new: bool
) -> Iterator[StatementChange]:
    """What is new, or gone: wider or narrower, if something that it takes in stands there in its place."""
    taken_in: dict[PolicyStatement, list[PolicyStatement]] = defaultdict(list)
    index = StatementIndex(parts)
    for other in others:
        for part in index.near(other):
            if _may_cover(part, other):
                taken_in[part].append(other)
    for whole in parts:
        for part, within in _apart(whole, sorted(taken_in.get(whole, ()), key=_order)):
            if part.allows is new:
                yield StatementChange(Kind.WIDENED if within else Kind.GAINED, part, within)
            else:
                yield StatementChange(Kind.NARROWED if within else Kind.LOST, part, within)


def _apart(
    whole: PolicyStatement, others: list[PolicyStatement]
) -> Iterator[tuple[PolicyStatement, tuple[PolicyStatement, ...]]]:
    """A statement in parts, each with what it covers of the others."""
    if not others:
        yield whole, ()
        return
    for answers, part in _in_classes(whole, partial(_covered, others)):
        within = []
        for number, other in enumerate(others):
            scopes = [
                part.dimensions[place] if said[number] is SAME else said[number]
                for place, said in enumerate(answers)
            ]
            taken_in = [scope for scope in scopes if scope]
            if len(taken_in) == len(scopes):
                within.append(other.about(*taken_in))
        yield part, tuple(within)


def _covered(others: list[PolicyStatement], place: int, one: PatternSet) -> Covered:
    """What a pattern covers of each of the others; False if it covers nothing."""
    found: list[PatternSet | Literal[False] | None] = []
    for other in others:
        inner = [single for single in other.singles(place) if _takes_in(place, one, single)]
        found.append(SAME if inner == [one] else joined(inner) if inner else False)
    return tuple(found)
