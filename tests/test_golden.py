"""What is synthesised, held against what was reviewed: every construct's path and type, every stack's JSON.

Construct ids are a contract: renaming one destroys and recreates what it names. So a change here is a
decision, written in the changelog. ``UPDATE_GOLDEN=1 pytest tests/test_golden.py`` writes the files again.
"""

import json
import os
from copy import deepcopy
from pathlib import Path

import pytest

from tests.settings import demo
from tests.synthesis import Synthesised, synthesise, synthesised

GOLDEN = Path(__file__).parent / "golden"
STACKS = ("access", "delivery", "foundation", "prod", "staging")


def compare(name: str, found: str) -> None:
    """The file of that name holds exactly this text."""
    __tracebackhide__ = True
    file = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(found, encoding="utf-8")
    expected = file.read_text(encoding="utf-8") if file.exists() else ""
    assert found == expected, f"{name} is not what was reviewed; UPDATE_GOLDEN=1 writes it again"


def paths(everything: Synthesised) -> str:
    """A line for each resource: its construct's path, its type."""
    lines = sorted(f"{resource.path} {resource.type}" for resource in everything.resources())
    return "\n".join(lines) + "\n"


def test_every_constructs_path_and_type_is_the_one_that_was_reviewed() -> None:
    compare("paths.txt", paths(synthesised("demo")))


def test_what_the_settings_can_switch_on_keeps_its_paths_too() -> None:
    compare("paths-everything.txt", paths(synthesised("everything")))
    compare("paths-s3-source.txt", paths(synthesised("s3-source")))


@pytest.mark.parametrize("stack", STACKS)
def test_each_stack_is_the_one_that_was_reviewed(stack: str) -> None:
    content = deepcopy(synthesised("demo").stacks[f"my-app-{stack}"])
    del content["//"]["metadata"]["version"]  # the engine's: all else is the same with either
    compare(f"{stack}.json", json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def test_the_same_settings_give_the_same_bytes() -> None:
    first, second = synthesise(demo()), synthesise(demo())
    assert json.dumps(first.stacks) == json.dumps(second.stacks)
    assert first.manifest == second.manifest
