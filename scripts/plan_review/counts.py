"""Counts what a plan would do, as Terraform's own summary does, and what that summary leaves out."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from plan_review.plan import Action, Plan


@dataclass(frozen=True)
class Counts:
    """How many resources; one that is replaced is among added and destroyed too, as Terraform counts.

    read: data sources read while applying. invoked: actions that run. deferred: put off to a later plan.
    outputs: how many of the stack's outputs change.
    """

    added: int = 0
    changed: int = 0
    destroyed: int = 0
    replaced: int = 0
    moved: int = 0
    imported: int = 0
    forgotten: int = 0
    read: int = 0
    invoked: int = 0
    deferred: int = 0
    outputs: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @property
    def nothing(self) -> bool:
        """Whether applying would change nothing at all, not even what Terraform knows."""
        return not any(astuple(self))


def count(plan: Plan) -> Counts:
    """What one stack's plan would do."""
    actions = [change.action for change in plan.changes]
    return Counts(
        added=sum(action is Action.CREATE or action.replaces for action in actions),
        changed=actions.count(Action.UPDATE),
        destroyed=sum(action.destroys for action in actions),
        replaced=sum(action.replaces for action in actions),
        moved=sum(change.moved for change in plan.changes),
        imported=sum(bool(change.imported) for change in plan.changes),
        forgotten=sum(action in {Action.FORGET, Action.CREATE_BEFORE_FORGET} for action in actions),
        read=actions.count(Action.READ),
        invoked=len(plan.invocations),
        deferred=len(plan.deferred),
        outputs=sum(output.action is not Action.NO_OP for output in plan.outputs),
    )


def total(counts: Iterable[Counts]) -> Counts:
    """Several stacks' counts together."""
    return sum(counts, Counts())
