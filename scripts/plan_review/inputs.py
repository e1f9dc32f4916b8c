"""Reads what a review is made from: plans, stacks' cdk.tf.json, review.toml, an earlier review.json."""

import sys
from pathlib import Path

from plan_review import json_input, plan_reader, settings
from plan_review.cdktf_stack import NONE, STACK_FILE, parse
from plan_review.errors import ExplainedError
from plan_review.plan import Plan
from plan_review.settings import ReviewSettings

STDIN = Path("-")


def read_plans(paths: list[Path], synthesised: Path | None) -> tuple[Plan, ...]:
    """The plans in these files; synthesised: the cdktf.out that they were made from, to name constructs."""
    if len({path.resolve() for path in paths}) < len(paths):
        raise ExplainedError("one plan is named twice")
    return tuple(_plan(path, synthesised) for path in paths)


def read_settings(file: Path | None) -> ReviewSettings:
    """What review.toml says; it need not be there unless it is named."""
    path = file or Path("review.toml")
    if file is None and not path.exists():
        return ReviewSettings()
    return settings.parse(_text(path), file=str(path))


def read_expected(file: Path) -> object:
    """What a review.json keeps to be compared with."""
    with json_input.explained(str(file), then="take the review.json that an earlier review wrote"):
        kept = json_input.parse(_text(file))
        if not isinstance(kept, dict) or "expected" not in kept:
            raise json_input.InvalidInput("it is no review.json")
        return kept["expected"]


def _plan(path: Path, synthesised: Path | None) -> Plan:
    """A plan, named after its stack: the directory below stacks/, or the file's own name."""
    beside = path.parent / STACK_FILE
    stack = path.parent.resolve().name if path != STDIN and beside.is_file() else path.stem
    if path == STDIN:
        stack = "plan"
    if synthesised is not None:
        beside = synthesised / "stacks" / stack / STACK_FILE
    made_from = parse(_text(beside), name=str(beside)) if beside.is_file() else NONE
    return plan_reader.read(_text(path), stack=stack, synthesised=made_from)


def _text(path: Path) -> str:
    """A file's text, or standard input's."""
    name = "standard input" if path == STDIN else str(path)
    with json_input.explained(name, then="`terraform show -json PLAN > plan.json` writes what is read"):
        return json_input.decode(sys.stdin.buffer.read() if path == STDIN else path.read_bytes())
