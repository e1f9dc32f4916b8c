"""Counts what a plan would do, also what Terraform's own summary leaves out. All formats use these counts."""

from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass

from plan_review.imported import only_recorded
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
"""The name of each count in every format."""


@dataclass(frozen=True)
class Counts:
    """How many resources, each counted once by its action; it can also be moved or imported.

    One that is created while the old one is only forgotten (Terraform 1.12) is both added and forgotten.
    """

    added: int = 0
    """Resources that are created."""
    changed: int = 0
    """Resources that are changed in place."""
    replaced: int = 0
    """Resources that are replaced: destroyed and created, in either order."""
    destroyed: int = 0
    """Resources that are destroyed and not replaced."""
    moved: int = 0
    """Resources whose address changes."""
    imported: int = 0
    """Resources that are imported."""
    forgotten: int = 0
    """Resources that remain, but are removed from the state."""
    read: int = 0
    """Data sources that are read during apply."""
    executed: int = 0
    """Provisioners and actions (Terraform 1.14) that run."""
    deferred: int = 0
    """Resources and actions that are deferred to a later plan."""
    outputs: int = 0
    """The stack's outputs that change."""
    recorded: int = 0
    """Imported resources of which only Terraform's state changes; Terraform counts them as changed."""

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @property
    def words(self) -> str:
        """The counts as text, such as ``3 to add, 1 to destroy``; "" if only outputs change, or nothing.

        Imports and moves come first, and it is then also said if nothing is changed or destroyed.
        """
        numbers = {name: number for name, number in asdict(self).items() if name in WORDS}
        first = ("imported", "moved")
        always = {"changed", "destroyed"} if self.imported or self.moved else set[str]()
        ordered = sorted(numbers.items(), key=lambda entry: entry[0] not in first)
        return ", ".join(f"{number:,} {WORDS[name]}" for name, number in ordered if number or name in always)

    @property
    def nothing(self) -> bool:
        """Whether applying would change neither resources nor the state."""
        return not any(astuple(self))


def count(plan: Plan) -> Counts:
    """The counts of one stack's plan."""
    actions = [change.action for change in plan.changes]
    recorded = sum(map(only_recorded, plan.changes))
    return Counts(
        added=sum(action in {Action.CREATE, Action.CREATE_BEFORE_FORGET} for action in actions),
        changed=actions.count(Action.UPDATE) - recorded,
        replaced=sum(action.destroys and action.replaces for action in actions),
        destroyed=actions.count(Action.DELETE),
        moved=sum(change.moved for change in plan.changes),
        imported=sum(bool(change.imported) for change in plan.changes),
        forgotten=sum(action in {Action.FORGET, Action.CREATE_BEFORE_FORGET} for action in actions),
        read=actions.count(Action.READ),
        executed=sum(execution.counts for execution in plan.executions),
        deferred=len(plan.deferred),
        outputs=sum(output.action is not Action.NO_OP for output in plan.outputs),
        recorded=recorded,
    )


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of several stacks' counts."""
    return sum(counts, Counts())


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: ``1 resource``, ``2 resources``. many: an irregular plural."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
