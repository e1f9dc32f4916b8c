"""Reads the statements of IAM policies in a synthesised stack, for assertions on them."""

import json
from collections.abc import Mapping
from typing import Any


def statements(policy: str | Mapping[str, Any], attribute: str | None = None) -> list[dict[str, Any]]:
    """Return the statements of a policy.

    policy: its JSON text, that text parsed, or the attributes of a resource that has a policy.
    attribute: the resource's attribute that holds the policy. Default: the only one that holds a policy.

    Raises AssertionError if the resource has no such policy, or several and ``attribute`` is not given.
    """
    parsed: Mapping[str, Any] = json.loads(policy) if isinstance(policy, str) else policy
    if "Statement" not in parsed:
        return statements(_policy_of(parsed, attribute))
    found = parsed["Statement"]
    return found if isinstance(found, list) else [found]


def statement(policy: str | Mapping[str, Any], sid: str, attribute: str | None = None) -> dict[str, Any]:
    """Return the only statement of a policy with this Sid; see ``statements`` for the other parameters."""
    __tracebackhide__ = True
    everything = statements(policy, attribute)
    found = [candidate for candidate in everything if candidate.get("Sid") == sid]
    if len(found) != 1:
        sids = ", ".join(str(candidate.get("Sid")) for candidate in everything)
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
