"""Lists what a plan would change, resource by resource, from its JSON. Pure."""

from plan_review.plan import Action
from plan_review.plan_json import RawChange, read_changes

NOTHING = (Action.NO_OP, Action.READ)
WORDS = {
    Action.REPLACE: "delete and create",
    Action.CREATE_BEFORE_DESTROY: "create and delete",
    Action.CREATE_BEFORE_FORGET: "create and forget",
}


def differences(text: str) -> tuple[str, ...]:
    """A line for each resource that would change: its address, the action, the changed attributes."""
    return tuple(_line(change) for change in read_changes(text, "the plan") if change.action not in NOTHING)


def _line(change: RawChange) -> str:
    done = WORDS.get(change.action, change.action.value)
    attributes = _attributes(change)
    return f"{change.address}: {done}{': ' if attributes else ''}{', '.join(attributes)}"


def _attributes(change: RawChange) -> list[str]:
    """The attributes that differ, sorted; empty for a resource that is created or deleted."""
    before, after, unknown = (change.change.get(key) for key in ("before", "after", "after_unknown"))
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    names = before.keys() | after.keys() | (unknown.keys() if isinstance(unknown, dict) else set())
    return sorted(name for name in names if before.get(name) != after.get(name))
