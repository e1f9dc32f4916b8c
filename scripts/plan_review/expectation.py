"""Checks whether plans still do exactly what was reviewed, for `slipway plan --expect`.

Secrets are not compared, only their places and which of them change: the approver did not see their values.
Any digest of them, even salted or slow, would let a reader of review.json guess weak ones. Drift is not
compared either: a change outside Terraform that the plan does not touch does not affect what was approved.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from plan_review.difference import between, differences, same
from plan_review.errors import ExplainedError
from plan_review.plan import (
    Deferred,
    Execution,
    Masked,
    OutputChange,
    Plan,
    ResourceChange,
    Unknown,
    Value,
)

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

FORMAT = 2
MARK = "$"  # the key of an object for a value that JSON does not have
PARTS = {"changes": "", "outputs": "output ", "deferred": "deferred: ", "executions": ""}
"""The named parts of a stack that are kept, and the prefix of a line about one."""

AGAIN = "review the change again, and approve that review"


def expected_changes(plans: Sequence[Plan]) -> dict[str, Json]:
    """What review.json keeps of the plans: everything that would be done, without secrets."""
    names = [plan.stack for plan in plans]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ExplainedError(
            f"two plans are named {twice[0]}", then="give each stack's plan a different name"
        )
    stacks: dict[str, Json] = {plan.stack: _plan(plan) for plan in sorted(plans, key=lambda plan: plan.stack)}
    return {"format": FORMAT, "stacks": stacks}


def deviations(expected: object, plans: Sequence[Plan]) -> tuple[str, ...]:
    """How the plans differ from what was reviewed, one line for each difference; empty if they do not.

    expected: the result of ``expected_changes``, read from JSON. Raises ExplainedError if it is anything
    else.
    """
    reviewed, now = _stacks(expected), _stacks(expected_changes(plans))
    return tuple(line for stack in sorted({*reviewed, *now}) for line in _unlike(stack, reviewed, now))


def _plan(plan: Plan) -> Json:
    changes: dict[str, Json] = {
        _identity(change): _change(change) for change in plan.changes if not change.nothing
    }
    outputs: dict[str, Json] = {
        output.name: _output(output) for output in plan.outputs if output.action.value != "no-op"
    }
    return {
        "complete": plan.complete,
        "changes": changes,
        "outputs": outputs,
        "deferred": dict(sorted(_deferred(deferred) for deferred in plan.deferred)),
        "executions": _executions(plan.executions),
    }


def _executions(executions: Sequence[Execution]) -> dict[str, Json]:
    """The executions by what runs and for which resource; several in one place are numbered."""
    found: dict[str, Json] = {}
    for execution in executions:
        name = f"{execution.kind} {execution.what} of {execution.address}"
        several = sum(known.startswith(name) for known in found)
        found[f"{name} ({several + 1})" if several else name] = _execution(execution)
    return found


def _execution(execution: Execution) -> dict[str, Json]:
    return {
        "action": "run",
        "what": execution.what,
        "when": execution.when,
        "configuration": _written(execution.configuration),
        "details": _written(execution.details),
    }


def _deferred(deferred: Deferred) -> tuple[str, Json]:
    change = deferred.change
    said = _execution(change) if isinstance(change, Execution) else _change(change)
    return change.address, {**said, "deferred": deferred.reason}


def _identity(change: ResourceChange) -> str:
    return f"{change.address} (deposed {change.deposed})" if change.deposed else change.address


def _change(change: ResourceChange) -> dict[str, Json]:
    return {
        "action": change.action.value,
        "resource": [change.module, change.mode, change.type, change.name, change.index],
        "identity": _written(change.identity),
        "replace_paths": [[*path] for path in change.replace_paths],
        "reason": change.reason,
        "provider": change.provider,
        "from": change.previous_address,
        "imported": change.imported,
        "written": _written(change.written),
        "differences": [
            _difference(difference.path, difference.before, difference.after, difference.forces_replacement)
            for difference in differences(change)
        ],
    }


def _output(output: OutputChange) -> Json:
    found = between(output.before, output.after)
    return {
        "action": output.action.value,
        "differences": [_difference(path, before, after, False) for path, before, after in found],
    }


def _difference(path: Sequence[str | int], before: Value, after: Value, forces: bool) -> Json:
    return {
        "path": list(path),
        "before": _written(before),
        "after": _written(after),
        "forces_replacement": forces,
    }


def _written(value: Value) -> Json:
    """The value as JSON; what JSON has no word for is an object with the one key ``$``."""
    if isinstance(value, Masked):
        return {MARK: f"hidden {value.number}"}
    if isinstance(value, Unknown):
        return {MARK: "known after apply"}
    if isinstance(value, list):
        return [_written(element) for element in value]
    if isinstance(value, dict):
        inner: dict[str, Json] = {key: _written(content) for key, content in value.items()}
        return {MARK: inner} if MARK in inner else inner
    return value


def _stacks(document: object) -> Mapping[str, Mapping[str, object]]:
    """The stacks of the document; any other shape is refused, because it would compare as equal."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ExplainedError(
            "the plan cannot be compared with this review",
            why=f"it has no changes in format {FORMAT}: another version wrote it, or it is not a review.json",
            then=AGAIN,
        )
    stacks = document.get("stacks")
    if not isinstance(stacks, dict) or not all(isinstance(stack, dict) for stack in stacks.values()):
        raise ExplainedError(
            "the review's changes cannot be read", why="its stacks are not objects", then=AGAIN
        )
    return stacks


def _unlike(
    stack: str, reviewed: Mapping[str, Mapping[str, object]], now: Mapping[str, Mapping[str, object]]
) -> Iterator[str]:
    if stack not in now:
        yield f"{stack}: was reviewed, but is not planned now"
    elif stack not in reviewed:
        yield f"{stack}: is planned, but was not reviewed"
    elif not same(reviewed[stack], now[stack]):
        yield from _unlike_parts(stack, reviewed[stack], now[stack])


def _unlike_parts(stack: str, reviewed: Mapping[str, object], now: Mapping[str, object]) -> Iterator[str]:
    for part, word in PARTS.items():
        before, after = _members(reviewed.get(part)), _members(now.get(part))
        for name in _differing(before, after):
            yield f"{stack}: {word}{name}: {_how(before.get(name), after.get(name))}"
    if not same(reviewed.get("complete"), now.get("complete")):
        yield f"{stack}: complete was {reviewed.get('complete')}, now {now.get('complete')}"


def _how(reviewed: object, now: object) -> str:
    """How one change differs from the reviewed one."""
    if not isinstance(reviewed, dict):
        return f"{_members(now).get('action')}, which was not reviewed"
    if not isinstance(now, dict):
        return f"{reviewed.get('action')} was reviewed, but is no longer planned"
    other = _differing(reviewed, now)
    if "action" in other:
        return f"{reviewed.get('action')} was reviewed, but {now.get('action')} is planned"
    paths = _paths(reviewed.get("differences"), now.get("differences"))
    written = _differing(_members(reviewed.get("written")), _members(now.get("written")))
    return f"differs from the review in {', '.join(paths or written or other)}"


def _paths(reviewed: object, now: object) -> list[str]:
    """The paths of values that differ from the reviewed ones."""
    old, new = (side if isinstance(side, list) else [] for side in (reviewed, now))
    changed = [entry for entry in (*old, *new) if entry not in old or entry not in new]
    paths = [path for entry in changed if isinstance(path := _members(entry).get("path"), list)]
    return list(dict.fromkeys(".".join(map(str, path)) or "value" for path in paths))


def _differing(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    return sorted(name for name in old.keys() | new.keys() if not same(old.get(name), new.get(name)))


def _members(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
