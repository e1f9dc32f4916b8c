"""Reads which stacks a synthesis wrote, where, and which needs which."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from slipway.console.errors import SlipwayError

FILE = "manifest.json"


@dataclass(frozen=True)
class SynthesisedStack:
    """A synthesised stack: its name, the directory that Terraform runs in, the stacks it needs."""

    name: str
    directory: Path
    dependencies: tuple[str, ...]


def read(output: Path) -> tuple[SynthesisedStack, ...]:
    """The stacks in an output directory, as its manifest lists them."""
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
    """Which stacks each of them needs, by name."""
    return {stack.name: stack.dependencies for stack in stacks}


def dependencies_among(stacks: Iterable[SynthesisedStack]) -> dict[str, tuple[str, ...]]:
    """Which of these stacks need which others of these."""
    every = dependencies(stacks)
    return {name: tuple(each for each in needed if each in every) for name, needed in every.items()}
