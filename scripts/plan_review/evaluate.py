"""Lets every rule look at what it is about, and makes findings of what it sees."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from plan_review.finding import Finding, Severity
from plan_review.iam.permission_change import PermissionChange
from plan_review.plan import Plan, ResourceChange
from plan_review.rules.attributes import difference
from plan_review.rules.rule import Match, Rule
from plan_review.rules.table import OF_CHANGES, OF_PERMISSIONS, OF_PLANS, AnyRule

_ANY_TYPE = tuple(rule for rule in OF_CHANGES if not rule.types)
_BY_TYPE: dict[str, tuple[Rule[ResourceChange], ...]] = defaultdict(tuple)
for _rule in OF_CHANGES:
    for _type in _rule.types:
        _BY_TYPE[_type] += (_rule,)


def findings(
    plan: Plan, permissions: tuple[PermissionChange, ...], severities: Mapping[str, Severity]
) -> Iterator[Finding]:
    """What the rules see in a plan; ``severities``: of the rules that review.toml takes otherwise."""
    for rule, match, about in _matches(plan, permissions):
        changes = match.changes
        if match.path and isinstance(about, ResourceChange):
            changes = difference(about, match.path)
        yield Finding(
            rule=rule.id,
            severity=severities.get(rule.id, rule.severity),
            stack=plan.stack,
            address=about.address if about else "",
            construct=about.construct if about else "",
            what=match.what,
            why=rule.why,
            answer=rule.answer,
            changes=changes,
        )


def _matches(
    plan: Plan, permissions: tuple[PermissionChange, ...]
) -> Iterator[tuple[AnyRule, Match, ResourceChange | PermissionChange | None]]:
    """What each rule sees, with what it sees it in; None for a plan as a whole."""
    for of_plan in OF_PLANS:
        yield from ((of_plan, match, match.change) for match in of_plan.look(plan))
    for change in plan.changes:
        if not change.nothing and change.mode == "managed":
            for rule in (*_ANY_TYPE, *_BY_TYPE.get(change.type, ())):
                yield from ((rule, match, change) for match in rule.look(change))
    for permission in permissions:
        for about in OF_PERMISSIONS:
            yield from ((about, match, permission) for match in about.look(permission))
