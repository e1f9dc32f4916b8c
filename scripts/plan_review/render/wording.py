"""Formats a value as one line of text, a path as Terraform writes it, and actions as words."""

import json

from plan_review.imported import only_recorded
from plan_review.plan import (
    BY_IDENTITY,
    REASONS,
    Action,
    Masked,
    NamedPlace,
    OutputChange,
    Path,
    ResourceChange,
    Unknown,
    Value,
)

# Terraform's sign for each action, and its name.
ACTIONS = {
    Action.NO_OP: (" ", "unchanged"),
    Action.CREATE: ("+", "created"),
    Action.READ: ("<=", "read"),
    Action.UPDATE: ("~", "changed in place"),
    Action.DELETE: ("-", "destroyed"),
    Action.REPLACE: ("-/+", "replaced: destroyed, then created again"),
    Action.CREATE_BEFORE_DESTROY: ("+/-", "replaced: created again, then the old one destroyed"),
    Action.FORGET: ("×", "removed from the state, not destroyed"),
    Action.CREATE_BEFORE_FORGET: ("+/×", "created again, the old one removed from the state, not destroyed"),
}
HIDDEN_AND_DIFFERENT = "(hidden, different from before)"


def shown(value: Value) -> str:
    """A value in one line: text unchanged, everything else as JSON."""
    match value:
        case None:
            return "(nothing)"
        case str():
            return value or '""'
        case Masked() | Unknown():
            return str(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def both(before: Value, after: Value) -> tuple[str, str]:
    """Two different values as text; distinguishable even if both are hidden."""
    texts = shown(before), shown(after)
    return (texts[0], HIDDEN_AND_DIFFERENT) if texts[0] == texts[1] else texts


def path(steps: Path) -> str:
    """A path such as ``rule[0].expiration.days``; a key that is not an identifier is quoted."""
    parts = [_step(step) for step in steps]
    return "".join(parts).lstrip(".") or "(all of it)"


def _step(step: str | int) -> str:
    if isinstance(step, NamedPlace):
        return f"[{json.dumps(step.name, ensure_ascii=False)}]"
    if isinstance(step, int):
        return f"[{step}]"
    return (
        f".{step}" if step.replace("-", "_").isidentifier() else f"[{json.dumps(step, ensure_ascii=False)}]"
    )


def doings(change: ResourceChange) -> tuple[str, ...]:
    """Everything that happens to a resource, as texts."""
    parts = [ACTIONS[change.action][1]] if change.action is not Action.NO_OP else []
    if only_recorded(change):
        parts = ["changed only in the state"]
    if why := reason(change):
        parts.append(why)
    if change.moved:
        parts.append(f"moved from {change.previous_address}")
    if change.imported:
        parts.append(f"imported {_import(change)}")
    if change.deposed:
        parts.append(f"left over from an unfinished replacement ({change.deposed})")
    return tuple(parts) or (ACTIONS[Action.NO_OP][1],)


def reason(change: ResourceChange) -> str:
    """Why something is done to a resource, if Terraform gives a reason."""
    if change.action.replaces and change.replace_paths:
        return f"forced by {', '.join(dict.fromkeys(map(path, change.replace_paths)))}"
    return f"because {words}" if (words := REASONS.get(change.reason)) else ""


def _import(change: ResourceChange) -> str:
    """The id or the identity (Terraform 1.12) by which a resource is imported."""
    if change.imported != BY_IDENTITY:
        return f"with the id {change.imported}"
    given = change.identity.get("importing") if isinstance(change.identity, dict) else None
    identity = given.get("identity") if isinstance(given, dict) else None
    if isinstance(given, dict) and given.get("unknown") is True:
        return "with an id that is known only after apply"
    return f"with the identity {shown(identity)}" if identity else BY_IDENTITY


def group(change: ResourceChange) -> str:
    """The construct directly below the stack to which a resource belongs; without constructs, its module."""
    parts = change.construct.split("/")
    return parts[1] if len(parts) > 2 else parts[-1] or change.module or change.type


def sign(change: ResourceChange | OutputChange) -> str:
    """Terraform's own sign for what is done."""
    if isinstance(change, ResourceChange) and change.action is Action.NO_OP:
        return "→" if change.moved else "↓" if change.imported else " "
    return ACTIONS[change.action][0]
