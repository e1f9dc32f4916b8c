"""Every rule there is, in one table."""

from plan_review.iam.permission_change import PermissionChange
from plan_review.plan import Plan, ResourceChange
from plan_review.rules import (
    access,
    acknowledgement,
    capacity,
    encryption,
    exposure,
    observability,
    outage,
    plan_completeness,
    ports,
    protection,
    retention,
    state,
    tls,
    unknown,
)
from plan_review.rules.rule import Rule

OF_PLANS: tuple[Rule[Plan], ...] = (
    *plan_completeness.RULES_OF_PLANS,
    *state.RULES_OF_PLANS,
    *protection.RULES_OF_PLANS,
    *exposure.RULES_OF_PLANS,
    *encryption.RULES_OF_PLANS,
    *observability.RULES_OF_PLANS,
    *outage.RULES_OF_PLANS,
)
OF_CHANGES: tuple[Rule[ResourceChange], ...] = (
    *state.RULES_OF_CHANGES,
    *protection.RULES_OF_CHANGES,
    *retention.RULES_OF_CHANGES,
    *ports.RULES_OF_CHANGES,
    *exposure.RULES_OF_CHANGES,
    *encryption.RULES_OF_CHANGES,
    *tls.RULES_OF_CHANGES,
    *observability.RULES_OF_CHANGES,
    *outage.RULES_OF_CHANGES,
    *capacity.RULES_OF_CHANGES,
    *unknown.RULES_OF_CHANGES,
    *access.RULES_OF_CHANGES,
)
OF_PERMISSIONS: tuple[Rule[PermissionChange], ...] = access.RULES_OF_PERMISSIONS

OF_SETTINGS: tuple[Rule[Plan], ...] = acknowledgement.RULES_OF_SETTINGS

AnyRule = Rule[Plan] | Rule[ResourceChange] | Rule[PermissionChange]
_ALL: tuple[AnyRule, ...] = (*OF_PLANS, *OF_CHANGES, *OF_PERMISSIONS, *OF_SETTINGS)
RULES: dict[str, AnyRule] = {rule.id: rule for rule in _ALL}
