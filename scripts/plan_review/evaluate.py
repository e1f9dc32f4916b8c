"""Runs all rules on a plan and makes findings of their matches."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from plan_review.drift import unexplained
from plan_review.finding import Finding, Severity
from plan_review.iam.permission_change import PermissionChange
from plan_review.iam.permissions import permissions
from plan_review.plan import Plan, ResourceChange
from plan_review.rules.attributes import difference
from plan_review.rules.rule import Match, Rule
from plan_review.rules.table import OF_CHANGES, OF_PERMISSIONS, OF_PLANS, AnyRule

_ANY_TYPE = tuple(rule for rule in OF_CHANGES if not rule.types)
_BY_TYPE: dict[str, tuple[Rule[ResourceChange], ...]] = defaultdict(tuple)
for _rule in OF_CHANGES:
    for _type in _rule.types:
        _BY_TYPE[_type] += (_rule,)


@lru_cache(maxsize=4096)
def _rules(kind: str, attributes: frozenset[str]) -> tuple[Rule[ResourceChange], ...]:
    """The rules for a type of resource with these attributes; cached, as plans have few such pairs."""
    found = (*_ANY_TYPE, *_BY_TYPE.get(kind, ()))
    return tuple(rule for rule in found if not rule.attributes or rule.attributes & attributes)


_ABOUT_DRIFT = "drift."  # prefix of the ids of rules about drift only

Seen = tuple[AnyRule, Match, ResourceChange | PermissionChange | None]


def findings(
    plan: Plan, granted: tuple[PermissionChange, ...], severities: Mapping[str, Severity]
) -> Iterator[Finding]:
    """The findings of all rules in a plan. severities: those that review.toml overrides."""
    for rule, match, about in _matches(plan, granted):
        found = _finding(plan, rule, match, about)
        drift = rule.id.startswith(_ABOUT_DRIFT)
        yield replace(found, severity=severities.get(rule.id, rule.severity), drift=drift)
    for rule, match, about in _matches_of_drift(plan):
        found = _finding(plan, rule, match, about)
        mild = Severity.HIGH if rule.severity is Severity.BLOCK else rule.severity
        what = f"Outside Terraform: {found.what}"
        yield replace(found, what=what, severity=severities.get(rule.id, mild), drift=True)


def _finding(
    plan: Plan, rule: AnyRule, match: Match, about: ResourceChange | PermissionChange | None
) -> Finding:
    changes = match.changes
    if match.path and isinstance(about, ResourceChange):
        changes = difference(about, match.path)
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        stack=plan.stack,
        address=about.address if about else match.address,
        construct=about.construct if about else "",
        what=match.what,
        why=rule.why,
        answer=match.answer or rule.answer,
        changes=changes,
    )


def _matches(plan: Plan, granted: tuple[PermissionChange, ...]) -> Iterator[Seen]:
    """Each rule's matches, with the resource; None for a match on the whole plan."""
    for of_plan in OF_PLANS:
        yield from ((of_plan, match, match.change) for match in of_plan.look(plan))
    for change in plan.changes:
        if not change.nothing and change.mode == "managed":
            yield from _seen_in(change)
    for permission in granted:
        for about in OF_PERMISSIONS:
            for match in about.look(permission):
                yield about, match, permission


def _seen_in(change: ResourceChange) -> Iterator[Seen]:
    for rule in _rules(change.type, change.attributes):
        for match in rule.look(change):
            yield rule, match, change


def _matches_of_drift(plan: Plan) -> Iterator[Seen]:
    """What each rule would find if the changes outside Terraform were planned."""
    drifted = {change.address: (change, names) for change, names in unexplained(plan)}
    for change, names in drifted.values():
        for rule, match, about in _seen_in(change):
            places = {
                match.path.partition(".")[0],
                *(str(part.path[0]) for part in match.changes if part.path),
            }
            if not places - {""} or names & places:
                yield rule, match, about
    others = tuple(change for change in plan.changes if change.address not in drifted)
    as_planned = replace(plan, changes=(*(change for change, _ in drifted.values()), *others), drift=())
    for permission in permissions(as_planned) if drifted else ():
        for looks in OF_PERMISSIONS if permission.address in drifted else ():
            yield from ((looks, match, permission) for match in looks.look(permission))
