"""Reads IAM policies out of what was synthesised, for assertions on their statements."""

import json
from collections.abc import Mapping
from typing import Any


def statements(policy: str | Mapping[str, Any], attribute: str | None = None) -> list[dict[str, Any]]:
    """The statements of a policy: of its text, of that text parsed, or of a resource that has one.

    attribute: which of the resource's attributes is the policy; needed where several are.
    """
    parsed: Mapping[str, Any] = json.loads(policy) if isinstance(policy, str) else policy
    if "Statement" not in parsed:
        return statements(_policy_of(parsed, attribute))
    found = parsed["Statement"]
    return found if isinstance(found, list) else [found]


def statement(policy: str | Mapping[str, Any], sid: str, attribute: str | None = None) -> dict[str, Any]:
    """The one statement of a policy that has this Sid."""
    __tracebackhide__ = True
    everything = statements(policy, attribute)
    found = [each for each in everything if each.get("Sid") == sid]
    if len(found) != 1:
        sids = ", ".join(str(each.get("Sid")) for each in everything)
        raise AssertionError(f"expected one statement {sid}, found {len(found)}; the statements are {sids}")
    return found[0]


def _policy_of(attributes: Mapping[str, Any], attribute: str | None) -> str:
    policies = {
        name: value
        for name, value in attributes.items()
        if isinstance(value, str) and value.startswith("{") and '"Statement"' in value
    }
    if attribute is None and len(policies) == 1:
        return str(*policies.values())
    if attribute not in policies:
        there = ", ".join(sorted(policies)) or f"none; the attributes are {', '.join(sorted(attributes))}"
        raise AssertionError(
            f"expected the policy in {attribute or 'one attribute'}; the policies are {there}"
        )
    return str(policies[attribute])
