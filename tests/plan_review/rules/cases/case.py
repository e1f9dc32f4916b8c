"""What a rule must see, or must not, in a plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as replaced

from plan_review.plan import Action, Path, Plan, ResourceChange, Value
from tests.plan_review.changes import change, plan

Attributes = Mapping[str, Value]


@dataclass(frozen=True)
class Case:
    """A plan, and what a rule says of it; nothing, if ``says`` is None."""

    rule: str
    plan: Plan
    says: str | None

    def __str__(self) -> str:
        first = self.plan.changes[0] if self.plan.changes else None
        what = f"{first.action} {first.type}" if first else "plan"
        return f"{self.rule} {'sees' if self.says is not None else 'ignores'} {what}"


def sees(rule: str, says: str, *changes: ResourceChange) -> Case:
    """The rule finds something, in which these words are."""
    return Case(rule, plan(*changes), says)


def ignores(rule: str, *changes: ResourceChange) -> Case:
    """The rule finds nothing."""
    return Case(rule, plan(*changes), None)


def update(address: str, before: Attributes, after: Attributes) -> ResourceChange:
    """A change in place; what is the same on both sides need not be said."""
    return change(address, before={"id": "x", **before}, after={"id": "x", **after}, action=Action.UPDATE)


def create(address: str, after: Attributes) -> ResourceChange:
    """A new resource."""
    return change(address, after=dict(after))


def delete(address: str, before: Attributes | None = None) -> ResourceChange:
    """A resource that goes."""
    return change(address, before={"id": "x", **(before or {})})


def replace(
    address: str,
    before: Attributes,
    after: Attributes,
    *forced_by: Path,
    action: Action = Action.REPLACE,
) -> ResourceChange:
    """A resource in whose place a new one comes."""
    return change(address, before=dict(before), after=dict(after), action=action, forced_by=forced_by)


def forget(address: str) -> ResourceChange:
    """A resource that stays, and that Terraform no longer knows of."""
    return change(address, before={"id": "x"}, action=Action.FORGET)


def because(changed: ResourceChange, reason: str) -> ResourceChange:
    """The same change with Terraform's own reason for it."""
    return replaced(changed, reason=reason)
