"""Writes sentences about changes of a policy; equal ones about several actions or resources are merged."""

from collections.abc import Iterable, Iterator

from plan_review.iam.compare import StatementChange
from plan_review.iam.pattern_set import PatternSet
from plan_review.iam.permission_change import PolicyKind
from plan_review.iam.statement import PolicyStatement
from plan_review.iam.statement_text import actions, conditions, principals, resources

DIMENSIONS = ("actions", "resources", "principals")


def sentences(
    changes: Iterable[StatementChange], policy_kind: PolicyKind, *, new: bool
) -> Iterator[tuple[StatementChange, str]]:
    """The changes, each with its sentence without the subject. new: whether this plan creates the owner."""
    for change in merged(changes):
        yield change, _text(change, policy_kind, new=new)


def merged(changes: Iterable[StatementChange]) -> list[StatementChange]:
    """The changes, merged over actions, then resources, then principals."""
    found = list(changes)
    for dimension in DIMENSIONS:
        found = _together(found, dimension)
    return found


def _together(changes: list[StatementChange], dimension: str) -> list[StatementChange]:
    groups: dict[object, list[StatementChange]] = {}
    for change in changes:
        scope: PatternSet = getattr(change.part, dimension)
        alone = (change.part,) if scope.but else ()
        bare = (change.part.allows, change.part.conditions)
        bare += tuple(getattr(change.part, name) for name in DIMENSIONS if name != dimension)
        others = frozenset(_relative(other, change.part, dimension) for other in change.other)
        groups.setdefault((change.kind, bare, others, alone), []).append(change)
    return [_joined(group, dimension) for group in groups.values()]


def _relative(other: PolicyStatement, part: PolicyStatement, dimension: str) -> tuple[bool, PolicyStatement]:
    """Another part by its difference from this one: an equal difference of several parts is shown once."""
    same = getattr(other, dimension) == getattr(part, dimension)
    return same, _replaced(other, dimension, PatternSet(())) if same else other


def _joined(group: list[StatementChange], dimension: str) -> StatementChange:
    first = group[0]
    if len(group) == 1:
        return first
    patterns = sorted({pattern for one in group for pattern in getattr(one.part, dimension).patterns})
    part = _replaced(first.part, dimension, PatternSet(tuple(patterns)))
    other = tuple(
        _replaced(other, dimension, getattr(part, dimension))
        if getattr(other, dimension) == getattr(first.part, dimension)
        else other
        for other in first.other
    )
    return StatementChange(first.kind, part, other)


def _replaced(part: PolicyStatement, dimension: str, scope: PatternSet) -> PolicyStatement:
    scopes = {name: getattr(part, name) for name in DIMENSIONS} | {dimension: scope}
    return PolicyStatement(part.allows, **scopes, conditions=part.conditions)


def _text(change: StatementChange, policy_kind: PolicyKind, *, new: bool) -> str:
    if policy_kind is PolicyKind.TRUST and _assumes(change.part):
        verb = _VERBS["assumed"]
        what = principals(change.part.principals) + conditions(change.part.conditions)
    elif policy_kind is PolicyKind.IDENTITY:
        verb, what = _VERBS["identity"], _what(change.part)
    else:
        verb, what = (
            _VERBS["resource"],
            f"{principals(change.part.principals)} {_what(change.part, here=True)}",
        )
    more = change.kind.gives is change.part.allows
    words = verb[change.part.allows][_tense(change, more=more, new=new)]
    return f"{words} {what}{_instead(change, more=more)}"


_VERBS = {
    "identity": {
        True: {"new": "may", "now": "may now", "also": "may now also", "not": "may no longer"},
        False: dict.fromkeys(("new", "now", "also"), "is now denied") | {"not": "is no longer denied"},
    },
    "assumed": {
        True: {"new": "can be assumed by"}
        | dict.fromkeys(("now", "also"), "can now be assumed by")
        | {"not": "can no longer be assumed by"},
        False: dict.fromkeys(("new", "now", "also"), "now refuses to be assumed by")
        | {"not": "no longer refuses to be assumed by"},
    },
    "resource": {
        True: {"new": "lets"} | dict.fromkeys(("now", "also"), "now lets") | {"not": "no longer lets"},
        False: {"new": "denies"} | dict.fromkeys(("now", "also"), "now denies") | {"not": "no longer denies"},
    },
}


def _tense(change: StatementChange, *, more: bool, new: bool) -> str:
    if not more:
        return "not"
    return "new" if new else "now" if change.other else "also"


def _assumes(part: PolicyStatement) -> bool:
    return all(pattern.lower().startswith("sts:assumerole") for pattern in part.actions.patterns)


def _what(part: PolicyStatement, *, here: bool = False) -> str:
    """What is allowed or denied; in a resource's own policy (``here``) everything is that resource."""
    what = actions(part.actions) if part.allows else actions(part.actions).removeprefix("do ")
    where = "" if here and part.resources.everything else resources(part.resources)
    return what + where + conditions(part.conditions)


def _instead(change: StatementChange, *, more: bool) -> str:
    """The text on what was there before, or remains, as far as it differs from the part."""
    if not change.other:
        return ""
    rest = "; ".join(dict.fromkeys(_differing(other, change.part) for other in _gathered(change)))
    return f" (before only {rest})" if more else f" (only {rest})"


def _gathered(change: StatementChange) -> list[PolicyStatement]:
    """The other parts, merged if they differ in one dimension only."""
    alone = [StatementChange(change.kind, part) for part in change.other]
    return [merged_change.part for merged_change in merged(alone)]


def _differing(other: PolicyStatement, part: PolicyStatement) -> str:
    said = []
    if other.principals != part.principals:
        said.append(principals(other.principals))
    if other.actions != part.actions:
        said.append(actions(other.actions))
    if other.resources != part.resources:
        said.append(resources(other.resources).strip() or "on everything")
    if other.conditions != part.conditions:
        said.append(conditions(other.conditions).strip() or "without condition")
    return " ".join(said) or "the same"
