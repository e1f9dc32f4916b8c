"""Rules about resources with state: destroyed, replaced, or removed from Terraform's state."""

from collections import defaultdict
from collections.abc import Iterator

from plan_review.finding import Severity
from plan_review.plan import REASONS, Action, Plan, ResourceChange, Value
from plan_review.rules.attributes import dotted, first, forcing, shown
from plan_review.rules.resource_types.tables import LOGS, STATEFUL
from plan_review.rules.rule import ChangeRule, Match, PlanRule

_REFUSALS = (
    ("force_destroy", False, "AWS refuses if it is not empty, and the apply stops halfway"),
    ("force_delete", False, "AWS refuses if it is not empty, and the apply stops halfway"),
    ("force_destroy", True, "everything in it is deleted (force_destroy is on)"),
    ("force_delete", True, "everything in it is deleted (force_delete is on)"),
    ("skip_final_snapshot", True, "no final snapshot is taken (skip_final_snapshot is on)"),
    ("skip_final_backup", True, "no final backup is taken (skip_final_backup is on)"),
    ("deletion_protection", True, "deletion protection is on, so the apply fails there"),
    ("deletion_protection_enabled", True, "deletion protection is on, so the apply fails there"),
)


@PlanRule.of(
    "state.destroyed",
    Severity.BLOCK,
    "a resource that stores data (bucket, repository, key, database, volume …) and is destroyed",
    "All its data is deleted. Applying the code again does not restore it.",
    "If the resource was only renamed, add a moved block (HCL), or move_to_id or move_from_id (CDKTF). "
    "If it has to be destroyed, back up its data, and acknowledge the finding in review.toml.",
    types=STATEFUL,
)
def _destroyed(plan: Plan) -> Iterator[Match]:
    created = _created(plan)
    for change in plan.changes:
        if change.type in STATEFUL and change.action is Action.DELETE and change.mode == "managed":
            yield Match(_sentence(change, STATEFUL[change.type], "destroyed", created), (), change)


@PlanRule.of(
    "state.logs-destroyed",
    Severity.HIGH,
    "a log group, or another store of logs, that is destroyed or replaced",
    "All its logs are deleted.",
    "Keep it, or export the logs first. If the resource was only renamed, add a moved block (HCL), or "
    "move_to_id or move_from_id (CDKTF).",
    types=LOGS,
)
def _logs(plan: Plan) -> Iterator[Match]:
    created = _created(plan)
    for change in plan.changes:
        if change.type in LOGS and (change.action is Action.DELETE or change.action.replaces):
            verb = "destroyed" if change.action is Action.DELETE else "replaced"
            yield Match(_sentence(change, LOGS[change.type], verb, created), forcing(change), change)


@ChangeRule.of(
    "state.replaced",
    Severity.BLOCK,
    "a resource that stores data and is replaced by a new, empty one",
    "The new resource may have the same name, but contains none of the data.",
    "Undo the change of the attribute that forces the replacement; or create a second resource, copy "
    "the data, and switch over. If the data can be deleted, acknowledge the finding in review.toml.",
    types=STATEFUL,
)
def _replaced(change: ResourceChange) -> Iterator[Match]:
    if change.action.replaces:
        yield Match(_sentence(change, STATEFUL[change.type], "replaced", {}), forcing(change))


@ChangeRule.of(
    "state.import-replaced",
    Severity.BLOCK,
    "an existing resource that is imported and replaced in the same plan",
    "It is destroyed, although an import is meant to keep it.",
    "Delete its import block: then it is kept, and a new resource is created beside it. Or change the "
    "attribute that forces the replacement to what the resource has.",
)
def _import_replaced(change: ResourceChange) -> Iterator[Match]:
    if change.imported and change.action.replaces and change.type not in STATEFUL:
        yield Match("The existing resource is imported, and replaced by a new one", forcing(change))


@ChangeRule.of(
    "state.forgotten",
    Severity.LOW,
    "a resource that is removed from Terraform's state without being destroyed",
    "It continues to exist and to cost money, but is no longer managed by code.",
    "Check who manages it from now on, or let Terraform destroy it.",
)
def _forgotten(change: ResourceChange) -> Iterator[Match]:
    if change.action in {Action.FORGET, Action.CREATE_BEFORE_FORGET}:
        noun = STATEFUL.get(change.type) or LOGS.get(change.type) or "resource"
        yield Match(f"The {noun} is kept, and is no longer managed by Terraform")


def _created(plan: Plan) -> dict[str, list[ResourceChange]]:
    found: dict[str, list[ResourceChange]] = defaultdict(list)
    for change in plan.changes:
        if change.action is Action.CREATE:
            found[change.type].append(change)
    return found


def _sentence(change: ResourceChange, noun: str, verb: str, created: dict[str, list[ResourceChange]]) -> str:
    said = [f"The {noun}{_name(change.before)} is {verb}, with all its data"]
    if change.action is Action.CREATE_BEFORE_FORGET:
        said = [f"The {noun}{_name(change.before)} is left behind, and a new, empty one is created"]
    if forced := [dotted(path) for path in change.replace_paths]:
        said.append(f"forced by {', '.join(forced)}")
    elif change.reason in REASONS:
        said.append(REASONS[change.reason])
    if change.deposed:
        said.append("it is left over from an unfinished replacement")
    said += [words for attribute, value, words in _REFUSALS if first(change.before, attribute) is value]
    if twin := _twin(change, created.get(change.type, [])):
        said.append(
            f"{twin.address} is created in the same plan: if it is the same one renamed, add a moved block"
        )
    return "; ".join(said)


def _name(side: Value) -> str:
    for attribute in ("name", "bucket", "identifier", "cluster_identifier", "alias"):
        value = first(side, attribute)
        if isinstance(value, str):
            return f" {shown(value)}"
    return ""


def _twin(change: ResourceChange, created: list[ResourceChange]) -> ResourceChange | None:
    """A created resource of the same type: the one with the same name, or the only one."""
    name = _name(change.before)
    same = [candidate for candidate in created if name and _name(candidate.after) == name]
    return same[0] if same else created[0] if len(created) == 1 else None
