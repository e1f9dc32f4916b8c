"""Lets every rule look at what it is about, and makes findings of what it sees."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from plan_review.finding import Finding, Severity
from plan_review.iam.permission_change import PermissionChange
from plan_review.plan import Plan, ResourceChange
from plan_review.rules.rule import Match, Rule
from plan_review.rules.table import OF_CHANGES, OF_PERMISSIONS, OF_PLANS, AnyRule

Severities = Mapping[str, Severity]

_ANY_TYPE = tuple(rule for rule in OF_CHANGES if not rule.types)
_BY_TYPE: dict[str, tuple[Rule[ResourceChange], ...]] = defaultdict(tuple)
for _rule in OF_CHANGES:
    for _type in _rule.types:
        _BY_TYPE[_type] += (_rule,)


def findings(
    plan: Plan, permissions: tuple[PermissionChange, ...], severities: Severities
) -> Iterator[Finding]:
    """What the rules see in a plan; ``severities``: of the rules that review.toml takes otherwise."""
    for rule in OF_PLANS:
        for match in rule.look(plan):
            yield _finding(rule, match, severities, plan.stack, match.change)
    for change in plan.changes:
        if not change.nothing and change.mode == "managed":
            yield from _of_change(change, severities)
    for permission in permissions:
        for about in OF_PERMISSIONS:
            for match in about.look(permission):
                yield _finding(about, match, severities, permission.stack, permission)


def _of_change(change: ResourceChange, severities: Severities) -> Iterator[Finding]:
    for rule in (*_ANY_TYPE, *_BY_TYPE.get(change.type, ())):
        for match in rule.look(change):
            yield _finding(rule, match, severities, change.stack, change)


def _finding(
    rule: AnyRule,
    match: Match,
    severities: Severities,
    stack: str,
    about: ResourceChange | PermissionChange | None,
) -> Finding:
    return Finding(
        rule=rule.id,
        severity=severities.get(rule.id, rule.severity),
        stack=stack,
        address=about.address if about else "",
        construct=about.construct if about else "",
        what=match.what,
        why=rule.why,
        answer=rule.answer,
        changes=match.changes,
    )
