"""Reads the synthesised stacks, their directories and dependencies from the manifest."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from slipway.console.errors import SlipwayError

FILE = "manifest.json"


@dataclass(frozen=True)
class SynthesisedStack:
    """A synthesised stack. directory: where Terraform runs.

    dependencies: names of stacks that it depends on.
    """

    name: str
    directory: Path
    dependencies: tuple[str, ...]


def read(output: Path) -> tuple[SynthesisedStack, ...]:
    """The stacks in the manifest of an output directory. Raises SlipwayError if it cannot be read."""
    try:
        stacks = json.loads((output / FILE).read_text("utf-8"))["stacks"].values()
        return tuple(
            SynthesisedStack(stack["name"], output / stack["workingDirectory"], tuple(stack["dependencies"]))
            for stack in stacks
        )
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise SlipwayError(
            f"cannot read {output / FILE}", why=f"{type(error).__name__}: {error}", then="synthesise again"
        ) from error


def dependencies(stacks: Iterable[SynthesisedStack]) -> dict[str, tuple[str, ...]]:
    """The names of the stacks that each stack depends on, by name."""
    return {stack.name: stack.dependencies for stack in stacks}


def dependencies_among(stacks: Iterable[SynthesisedStack]) -> dict[str, tuple[str, ...]]:
    """The dependencies of the given stacks on each other, by name; on other stacks are left out."""
    every = dependencies(stacks)
    return {name: tuple(other for other in needed if other in every) for name, needed in every.items()}
