"""What one set of statements allows that another does not: equal but reordered is not a change."""

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
"""Far above what AWS's limits of length let anyone write; above it, nothing is compared."""

SAME = None
"""What a pattern takes in that takes in only itself."""

Covered: TypeAlias = tuple[PatternSet | Literal[False] | None, ...]
Answer = TypeVar("Answer", bound=Hashable)


class TooLargeError(ValueError):
    """A policy has more parts than any that AWS would take."""


@dataclass(frozen=True)
class StatementChange:
    """A statement, or a part of one, that is new, wider, narrower or gone.

    other: the statements, or parts, that it replaces, or leaves. A Deny that goes or becomes narrower is a
    permission gained: ``part`` is that Deny, and ``kind`` says what becomes of permissions, never of the
    statement.
    """

    kind: Kind
    part: PolicyStatement
    other: tuple[PolicyStatement, ...] = ()


def compare(
    before: Sequence[PolicyStatement], after: Sequence[PolicyStatement]
) -> tuple[StatementChange, ...]:
    """Every permission that the statements after give or take, compared with those before."""
    old, new = set(before), set(after)
    left, come = _bounded(old - new), _bounded(new - old)
    gone, stayed = _split(left, StatementIndex(new))
    added, known = _split(come, StatementIndex(old))
    more = _told(added, _without([*gone, *stayed], come), new=True)
    return (*more, *_told(gone, _without(known, left), new=False))


def _bounded(statements: Iterable[PolicyStatement]) -> list[PolicyStatement]:
    """The statements in an order that is the same for the same ones."""
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
    """What no other statement covers, and the rest; both in parts that are as large as can be."""
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
    """Whether a statement covers whatever of the other it takes in."""
    return mine.allows is other.allows and implied(other.conditions, mine.conditions)


def _covering(statements: list[PolicyStatement], place: int, one: PatternSet) -> int:
    """Which of the statements take in a pattern, as bits."""
    numbered = enumerate(statements)
    return sum(1 << n for n, statement in numbered if _takes_in(place, statement.dimensions[place], one))


def _takes_in(place: int, mine: PatternSet, other: PatternSet) -> bool:
    """Whether one scope takes in another; IAM tells no actions apart by capital letters."""
    return mine == other or (mine.covers(other) if place else mine.folded.covers(other.folded))


def _in_classes(
    statement: PolicyStatement, ask: Callable[[int, PatternSet], Answer]
) -> Iterator[tuple[tuple[Answer, ...], PolicyStatement]]:
    """A statement in parts: patterns of which the same is said stay together; with what is said of them."""
    dimensions = []
    for place in range(len(statement.dimensions)):
        classes: dict[Answer, list[PatternSet]] = defaultdict(list)
        for one in statement.singles(place):
            classes[ask(place, one)].append(one)
        dimensions.append([(answer, joined(ones)) for answer, ones in classes.items()])
    for found in product(*dimensions):
        yield tuple(answer for answer, _ in found), statement.about(*(scope for _, scope in found))


def _once(parts: list[PolicyStatement]) -> list[PolicyStatement]:
    """The parts, none of which has anything in common with another."""
    named = Counter(pattern for part in parts for pattern in part.resources.patterns)
    owner: dict[PolicyStatement, int] = {}
    overlapping: set[int] = set()
    for number, part in enumerate(parts):
        if part.resources.patterns and all(named[pattern] == 1 for pattern in part.resources.patterns):
            continue  # nobody else names these resources
        for one in part.parts():
            if owner.setdefault(one, number) != number:
                overlapping |= {owner[one], number}
    whole = [part for number, part in enumerate(parts) if number not in overlapping]
    return [*whole, *(one for one, number in owner.items() if number in overlapping)]


def _without(parts: list[PolicyStatement], others: list[PolicyStatement]) -> list[PolicyStatement]:
    """The parts without what the others say in the same words."""
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
    """The parts that may say something in the same words as one of the others."""
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
    """A statement in parts, each with what it takes in of the others."""
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
    """What a pattern takes in of each of the others; False if it takes in nothing."""
    found: list[PatternSet | Literal[False] | None] = []
    for other in others:
        inner = [single for single in other.singles(place) if _takes_in(place, one, single)]
        found.append(SAME if inner == [one] else joined(inner) if inner else False)
    return tuple(found)
