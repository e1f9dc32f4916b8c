"""Says what a plan would change, resource by resource, from Terraform's own JSON of it. Pure."""

from collections.abc import Iterator, Mapping

NOTHING = (["no-op"], ["read"])


def differences(plan: Mapping[str, object]) -> tuple[str, ...]:
    """A line for each resource that would change: what would be done, and to which attributes."""
    changes = plan.get("resource_changes")
    return tuple(_lines(changes)) if isinstance(changes, list) else ()


def _lines(changes: list[Mapping[str, object]]) -> Iterator[str]:
    for each in changes:
        change = each.get("change")
        if isinstance(change, dict) and change.get("actions") not in NOTHING:
            actions, attributes = " and ".join(change["actions"]), _attributes(change)
            yield f"{each['address']}: {actions}{': ' if attributes else ''}{', '.join(attributes)}"


def _attributes(change: Mapping[str, object]) -> list[str]:
    """The attributes that differ, where there is a before and an after."""
    before, after = change.get("before"), change.get("after")
    unknown = change.get("after_unknown")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    names = before.keys() | after.keys() | (unknown.keys() if isinstance(unknown, dict) else set())
    return sorted(name for name in names if before.get(name) != after.get(name))
