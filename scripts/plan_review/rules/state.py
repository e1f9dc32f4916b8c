"""Rules about what holds state: destroyed, replaced, or no longer looked after."""

from collections import defaultdict
from collections.abc import Iterator

from plan_review.finding import Severity
from plan_review.plan import REASONS, Action, Plan, ResourceChange, Value
from plan_review.rules.attributes import dotted, first, forcing, shown
from plan_review.rules.resource_types.tables import LOGS, STATEFUL
from plan_review.rules.rule import ChangeRule, Match, PlanRule

_REFUSALS = (
    ("force_destroy", False, "AWS refuses if it is not empty, and apply stops half-way"),
    ("force_delete", False, "AWS refuses if it is not empty, and apply stops half-way"),
    ("force_destroy", True, "everything in it goes too (force_destroy is on)"),
    ("force_delete", True, "everything in it goes too (force_delete is on)"),
    ("skip_final_snapshot", True, "no last snapshot is taken (skip_final_snapshot is on)"),
    ("skip_final_backup", True, "no last backup is taken (skip_final_backup is on)"),
    ("deletion_protection", True, "deletion protection is on, so apply stops there"),
    ("deletion_protection_enabled", True, "deletion protection is on, so apply stops there"),
)
_MOVE = (
    "If it was only renamed, say so: a moved block in HCL, move_to_id or move_from_id in CDKTF. If it must "
    "go, save what it holds, and acknowledge the finding in review.toml."
)


@PlanRule.of(
    "state.destroyed",
    Severity.BLOCK,
    "a resource that holds state (bucket, repository, key, database, volume …) and is destroyed",
    "What it holds is gone with it, and applying the code again brings none of it back.",
    _MOVE,
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
    "Its logs go with it: what happened until now can no longer be looked up.",
    "Keep it, or export the logs first; " + _MOVE[0].lower() + _MOVE[1:],
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
    "a resource that holds state and is replaced by a new, empty one",
    "The new one may have the same name, and has none of the data.",
    "Take back the attribute that forces it, or make a second one, copy the data, and switch over. "
    "If the data may go, acknowledge the finding in review.toml.",
    types=STATEFUL,
)
def _replaced(change: ResourceChange) -> Iterator[Match]:
    if change.action.replaces:
        yield Match(_sentence(change, STATEFUL[change.type], "replaced", {}), forcing(change))


@ChangeRule.of(
    "state.forgotten",
    Severity.LOW,
    "a resource that Terraform forgets without destroying it",
    "It goes on costing and working, and nobody's code describes it any more.",
    "Check that somebody else looks after it, or let Terraform destroy it.",
)
def _forgotten(change: ResourceChange) -> Iterator[Match]:
    if change.action in {Action.FORGET, Action.CREATE_BEFORE_FORGET}:
        noun = STATEFUL.get(change.type) or LOGS.get(change.type) or "resource"
        yield Match(f"The {noun} stays in the cloud, and Terraform no longer knows of it")


def _created(plan: Plan) -> dict[str, list[ResourceChange]]:
    found: dict[str, list[ResourceChange]] = defaultdict(list)
    for change in plan.changes:
        if change.action is Action.CREATE:
            found[change.type].append(change)
    return found


def _sentence(change: ResourceChange, noun: str, verb: str, created: dict[str, list[ResourceChange]]) -> str:
    said = [f"The {noun}{_name(change.before)} is {verb}, with all that it holds"]
    if change.action is Action.CREATE_BEFORE_FORGET:
        said = [f"The {noun}{_name(change.before)} is left behind for a new, empty one"]
    if forced := [dotted(path) for path in change.replace_paths]:
        said.append(f"forced by {', '.join(forced)}")
    elif change.reason in REASONS:
        said.append(REASONS[change.reason])
    if change.deposed:
        said.append("an unfinished replacement left it")
    said += [words for attribute, value, words in _REFUSALS if first(change.before, attribute) is value]
    if twin := _twin(change, created.get(change.type, [])):
        said.append(f"{twin.address} is created meanwhile: if that is the same one renamed, move it")
    return "; ".join(said)


def _name(side: Value) -> str:
    for attribute in ("name", "bucket", "identifier", "cluster_identifier", "alias"):
        value = first(side, attribute)
        if isinstance(value, str):
            return f" {shown(value)}"
    return ""


def _twin(change: ResourceChange, created: list[ResourceChange]) -> ResourceChange | None:
    """What is created of the same type: most likely the one of the same name, or the only one."""
    name = _name(change.before)
    same = [each for each in created if name and _name(each.after) == name]
    return same[0] if same else created[0] if len(created) == 1 else None
