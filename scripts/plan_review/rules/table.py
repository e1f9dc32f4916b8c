"""All rules: every rule in these modules, in the order of its definition."""

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
    roles,
    state,
    tls,
    unknown,
    unknown_types,
)
from plan_review.rules.rule import ChangeRule, PermissionRule, PlanRule, Rule

MODULES = (
    *(plan_completeness, state, unknown_types, protection, retention, ports, exposure, encryption, tls),
    *(observability, outage, capacity, unknown, access, roles),
)
_IN_MODULES = [value for module in MODULES for value in vars(module).values()]

OF_PLANS = tuple(in_module for in_module in _IN_MODULES if isinstance(in_module, PlanRule))
OF_CHANGES = tuple(in_module for in_module in _IN_MODULES if isinstance(in_module, ChangeRule))
OF_PERMISSIONS = tuple(in_module for in_module in _IN_MODULES if isinstance(in_module, PermissionRule))
OF_SETTINGS = acknowledgement.RULES_OF_SETTINGS

AnyRule = Rule[Plan] | Rule[ResourceChange] | Rule[PermissionChange]
_ALL: tuple[AnyRule, ...] = (*OF_PLANS, *OF_CHANGES, *OF_PERMISSIONS, *OF_SETTINGS)
RULES = {rule.id: rule for rule in _ALL}

unknown_types.NAMED.update(kind for rule in _ALL for kind in rule.types)
