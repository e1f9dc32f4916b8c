"""Reads the inputs of a review: plans, stacks' cdk.tf.json, review.toml, an earlier review.json."""

import sys
from collections.abc import Sequence
from pathlib import Path

from plan_review import json_input, plan_reader, settings
from plan_review.cdktf_stack import NONE, STACK_FILE, parse
from plan_review.counts import counted
from plan_review.errors import ExplainedError
from plan_review.plan import Plan
from plan_review.settings import ReviewSettings

STDIN = Path("-")


def read_plans(paths: list[Path], synthesised: Path | None, names: Sequence[str] = ()) -> tuple[Plan, ...]:
    """The plans in these files. synthesised: the cdktf.out that they were made from, to show constructs.

    names: of the stacks, in the order of the plans. Default: from the files. Raises ExplainedError.
    """
    if len({path.resolve() for path in paths}) < len(paths):
        raise ExplainedError("the same plan is given twice")
    if names and len(names) != len(paths):
        raise ExplainedError(
            f"{counted(len(paths), 'plan')}, but {counted(len(names), 'name')}",
            then="repeat --name for each plan, in the same order",
        )
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ExplainedError(f"two plans are named {twice[0]}", then="give each plan a different --name")
    called = names or told_apart(paths, [_stack(path) for path in paths])
    return tuple(_plan(path, synthesised, called=name) for path, name in zip(paths, called, strict=True))


def told_apart(paths: Sequence[Path], stacks: Sequence[str]) -> list[str]:
    """The stacks' names, prefixed with as much of their paths as makes them different."""
    whole = [
        [*path.resolve().parent.parts[1:], stack] if path != STDIN else [stack]
        for path, stack in zip(paths, stacks, strict=True)
    ]
    taken = [1] * len(whole)
    while True:
        names = ["/".join(parts[-some:]) for parts, some in zip(whole, taken, strict=True)]
        longer = [
            number
            for number, name in enumerate(names)
            if names.count(name) > 1 and taken[number] < len(whole[number])
        ]
        if not longer:
            return names
        for number in longer:
            taken[number] += 1


def read_settings(file: Path | None) -> ReviewSettings:
    """The settings in review.toml; the file may be missing unless it is named explicitly."""
    path = file or Path("review.toml")
    if file is None and not path.exists():
        return ReviewSettings()
    return settings.parse(_text(path), file=str(path))


def read_expected(file: Path) -> object:
    """The part of a review.json with which plans are compared."""
    with json_input.explained(str(file), then="pass the review.json of an earlier review"):
        kept = json_input.parse(_text(file))
        if not isinstance(kept, dict) or "expected" not in kept:
            raise json_input.InvalidInput("it is not a review.json")
        return kept["expected"]


def _stack(path: Path) -> str:
    """The name of a plan's stack: the directory below stacks/, or else the file's name."""
    if path == STDIN:
        return "plan"
    name = path.name.removesuffix(".gz") if path.suffix == ".gz" else path.name
    return path.parent.resolve().name if (path.parent / STACK_FILE).is_file() else Path(name).stem


def _plan(path: Path, synthesised: Path | None, *, called: str) -> Plan:
    beside = path.parent / STACK_FILE
    if synthesised is not None:
        beside = synthesised / "stacks" / _stack(path) / STACK_FILE
    made_from = parse(_text(beside), name=str(beside)) if beside.is_file() else NONE
    return plan_reader.read(_text(path), stack=called, synthesised=made_from)


def _text(path: Path) -> str:
    """A file's text, or standard input's."""
    name = "standard input" if path == STDIN else str(path)
    with json_input.explained(name, then="write a plan with `terraform show -json PLAN > plan.json`"):
        return json_input.decode(sys.stdin.buffer.read() if path == STDIN else path.read_bytes())
