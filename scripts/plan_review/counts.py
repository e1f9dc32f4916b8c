"""Counts what a plan would do, as Terraform's own summary does, and what that summary leaves out."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from plan_review.plan import Action, Plan


@dataclass(frozen=True)
class Counts:
    """How many resources; one that is replaced is among added and destroyed too, as Terraform counts."""

    added: int = 0
    """Resources that are created."""
    changed: int = 0
    """Resources that are changed in place."""
    destroyed: int = 0
    """Resources that are destroyed."""
    replaced: int = 0
    """Resources that another one takes the place of."""
    moved: int = 0
    """Resources that get another address."""
    imported: int = 0
    """Resources that are imported."""
    forgotten: int = 0
    """Resources that stay, and that Terraform no longer manages."""
    read: int = 0
    """Data sources that are read while applying."""
    invoked: int = 0
    """Actions that run (Terraform 1.14)."""
    deferred: int = 0
    """Resources that are put off to a later plan."""
    outputs: int = 0
    """The stack's outputs that change."""

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


def counted(number: int, one: str, many: str = "") -> str:
    """``1 resource``, ``2 resources``; many: where another word than the first with an s is right."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
