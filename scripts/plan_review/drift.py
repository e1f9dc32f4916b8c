"""Separates changes made outside Terraform from data that Terraform's state did not contain yet.

A role is in the state before the policies that other resources of the stack attach to it, a bucket before
its policy. The next plans report these as changes outside Terraform until something is applied. They are not
reported here, because the same plan contains the resources that caused them. Nor is an attribute that was not
set and is read back empty, as `dimensions` of an alarm on metric math.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from plan_review.difference import between, canonical, differences
from plan_review.json_input import json_in
from plan_review.plan import EMPTY, Action, Plan, ResourceChange, Value

NO_NEWS = frozenset({"tags", "tags_all", "labels", "effective_labels", "terraform_labels"})
# A bucket's attributes that other resources manage; their drift is reported for those resources.
NO_NEWS |= {"lifecycle_rule", "logging", "replication_configuration", "versioning"}
NO_NEWS |= {"server_side_encryption_configuration"}
RULES = {
    "ingress": ("aws_vpc_security_group_ingress_rule", "aws_security_group_rule"),
    "egress": ("aws_vpc_security_group_egress_rule", "aws_security_group_rule"),
}
SIDES = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")
LISTS = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")


@dataclass(frozen=True)
class SplitDrift:
    """Drift by what applying does about it. left: drift that the plan does not touch."""

    touched: tuple[ResourceChange, ...]
    left: tuple[ResourceChange, ...]


def split_drift(plan: Plan) -> SplitDrift:
    """The drift that the plan touches, because a resource is gone or is changed by the plan, and the rest."""
    changed = {change.address for change in plan.changes if not change.nothing}
    touched = [
        change
        for change in plan.drift
        if change.action is Action.DELETE
        or (
            change.address in changed
            and any(part.before not in EMPTY or part.after not in EMPTY for part in differences(change))
        )
    ]
    addresses = {change.address for change in touched}
    return SplitDrift(
        tuple(touched), tuple(change for change in plan.drift if change.address not in addresses)
    )


def unexplained(plan: Plan) -> Iterator[tuple[ResourceChange, frozenset[str]]]:
    """Drift that no other resource of the plan explains, with the attributes that drifted."""
    if not plan.drift:
        return
    known = _WrittenByPlan(plan)
    for change in plan.drift:
        before, after = change.before, change.after
        if isinstance(before, dict) and isinstance(after, dict):
            names = [name for name in {**before, **after} if _differs(before.get(name), after.get(name))]
            found = frozenset(name for name in names if not known.wrote(name, after.get(name))) - NO_NEWS
            if found:
                yield change, found


def _differs(before: Value, after: Value) -> bool:
    """Whether two values differ other than by being unset or empty."""
    return any(not (_empty(one) and _empty(other)) for _, one, other in between(before, after))


def _empty(value: Value) -> bool:
    return value is None or value in ({}, [], "")


class _WrittenByPlan:
    """What resources of the plan write into other resources."""

    def __init__(self, plan: Plan) -> None:
        self._policies = frozenset(_policies(plan))
        self._attached = frozenset(_attached(plan))
        self._rules = {name: frozenset(_rules(plan, name)) for name in RULES}

    def wrote(self, name: str, value: Value) -> bool:
        """Whether resources of the plan account for all of an attribute."""
        if name == "policy":
            return _policy(value) in self._policies
        if name == "inline_policy":
            return all(_policy(policy.get("policy")) in self._policies for policy in _objects(value))
        if name == "managed_policy_arns":
            return {canonical(member) for member in _members(value)} <= self._attached
        if name in RULES:
            return all(_sides(rule) <= self._rules[name] for rule in _objects(value))
        return False


def _policies(plan: Plan) -> Iterator[str]:
    """The policies before and after: drift may contain either."""
    sides = (side for change in plan.changes for side in change.sides)
    yield from (_policy(side["policy"]) for side in sides if "policy" in side)


def _policy(value: Value) -> str:
    """A policy's content, independent of its formatting."""
    found = json_in(value) if isinstance(value, str) else None
    return canonical(value) if found is None else json.dumps(found, sort_keys=True)


def _attached(plan: Plan) -> Iterator[str]:
    for change in plan.changes:
        if change.type == "aws_iam_role_policy_attachment":
            yield from (canonical(side.get("policy_arn")) for side in change.sides)


def _rules(plan: Plan, name: str) -> Iterator[str]:
    """Every source that a separate rule resource opens, with its ports."""
    for change in plan.changes:
        if change.type in RULES[name] and isinstance(change.after, dict):
            rule = change.after
            sides = [rule[side] for side in SIDES if rule.get(side)]
            if change.type == "aws_security_group_rule" and rule.get("type") == name:
                sides += [member for side in LISTS for member in _members(rule.get(side))]
                sides += [rule["source_security_group_id"]] if rule.get("source_security_group_id") else []
            yield from (_side(rule, side) for side in sides)


def _sides(block: dict[str, Value]) -> set[str]:
    return {_side(block, member) for side in LISTS for member in _members(block.get(side))} or {"nobody"}


def _side(rule: dict[str, Value], who: Value) -> str:
    """A source with its ports. All protocols have no ports: resources write 0, -1 or nothing for them."""
    protocol = rule.get("ip_protocol", rule.get("protocol"))
    ports: list[Value] = [] if protocol == "-1" else [rule.get("from_port"), rule.get("to_port")]
    return canonical([protocol, *ports, who])


def _objects(value: Value) -> Iterator[dict[str, Value]]:
    yield from (member for member in _members(value) if isinstance(member, dict))


def _members(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []
