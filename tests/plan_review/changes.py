"""Changes and plans for the tests of rules: what Terraform would say, without Terraform."""

from collections.abc import Sequence

from plan_review.plan import Action, Deferred, Execution, Path, Plan, ResourceChange, Value
from plan_review.references import bare


def change(
    address: str,
    *,
    before: dict[str, Value] | None = None,
    after: dict[str, Value] | None = None,
    action: Action | None = None,
    forced_by: Sequence[Path] = (),
    construct: str = "",
    reason: str = "",
    mode: str = "managed",
    stack: str = "my-app-prod",
    written: Value = None,
) -> ResourceChange:
    """A change of one resource; its action follows from what there is before and after."""
    kind, name = bare(address).split(".")[-2:]
    return ResourceChange(
        stack=stack,
        address=address,
        module="",
        mode=mode,
        type=kind,
        name=name,
        index=None,
        deposed="",
        provider="hashicorp/aws",
        action=action or _action(before, after),
        reason=reason,
        before=before,
        after=after,
        replace_paths=tuple(forced_by),
        previous_address="",
        imported="",
        construct=construct,
        written=written,
    )


def _action(before: dict[str, Value] | None, after: dict[str, Value] | None) -> Action:
    if before is None:
        return Action.CREATE
    if after is None:
        return Action.DELETE
    return Action.NO_OP if before == after else Action.UPDATE


def plan(
    *changes: ResourceChange,
    drift: Sequence[ResourceChange] = (),
    references: Sequence[tuple[str, str]] = (),
    complete: bool = True,
    stack: str = "my-app-prod",
    deferred: Sequence[Deferred] = (),
    executions: Sequence[Execution] = (),
) -> Plan:
    """A stack's plan."""
    return Plan(
        stack=stack,
        format_version="1.2",
        terraform_version="1.11.4",
        changes=changes,
        drift=tuple(drift),
        outputs=(),
        references=tuple(references),
        complete=complete,
        deferred=tuple(deferred),
        executions=tuple(executions),
    )
