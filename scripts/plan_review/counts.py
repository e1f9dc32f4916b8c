"""Counts what a plan would do, also what Terraform's own summary leaves out: for every format the same."""

from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass

from plan_review.plan import Action, Plan

WORDS = {
    "added": "to add",
    "changed": "to change",
    "replaced": "to replace",
    "destroyed": "to destroy",
    "moved": "to move",
    "imported": "to import",
    "forgotten": "to forget",
    "read": "to read",
    "executed": "to run",
    "deferred": "deferred",
}
"""What each count is called, wherever it is shown."""


@dataclass(frozen=True)
class Counts:
    """How many resources, each counted once for what becomes of it; one may be moved or imported besides.

    One that is made anew while the old one is only forgotten (Terraform 1.12) is both added and forgotten.
    """

    added: int = 0
    """Resources that are created."""
    changed: int = 0
    """Resources that are changed in place."""
    replaced: int = 0
    """Resources that are destroyed and created anew, in whatever order."""
    destroyed: int = 0
    """Resources that are destroyed, and not replaced."""
    moved: int = 0
    """Resources that get another address."""
    imported: int = 0
    """Resources that are imported."""
    forgotten: int = 0
    """Resources that stay, and that Terraform no longer manages."""
    read: int = 0
    """Data sources that are read while applying."""
    executed: int = 0
    """Provisioners, and actions (Terraform 1.14), that run."""
    deferred: int = 0
    """Resources and actions that are put off to a later plan."""
    outputs: int = 0
    """The stack's outputs that change."""

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @property
    def words(self) -> str:
        """``3 to add, 1 to destroy``: only what there is; empty where only outputs change, or nothing."""
        return ", ".join(
            f"{number:,} {WORDS[name]}" for name, number in asdict(self).items() if number and name in WORDS
        )

    @property
    def nothing(self) -> bool:
        """Whether applying would change nothing at all, not even what Terraform knows."""
        return not any(astuple(self))


def count(plan: Plan) -> Counts:
    """What one stack's plan would do."""
    actions = [change.action for change in plan.changes]
    return Counts(
        added=sum(action in {Action.CREATE, Action.CREATE_BEFORE_FORGET} for action in actions),
        changed=actions.count(Action.UPDATE),
        replaced=sum(action.destroys and action.replaces for action in actions),
        destroyed=actions.count(Action.DELETE),
        moved=sum(change.moved for change in plan.changes),
        imported=sum(bool(change.imported) for change in plan.changes),
        forgotten=sum(action in {Action.FORGET, Action.CREATE_BEFORE_FORGET} for action in actions),
        read=actions.count(Action.READ),
        executed=sum(execution.counts for execution in plan.executions),
        deferred=len(plan.deferred),
        outputs=sum(output.action is not Action.NO_OP for output in plan.outputs),
    )


def total(counts: Iterable[Counts]) -> Counts:
    """Several stacks' counts together."""
    return sum(counts, Counts())


def counted(number: int, one: str, many: str = "") -> str:
    """``1 resource``, ``2 resources``; many: where another word than the first with an s is right."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
