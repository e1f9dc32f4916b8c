"""``slipway validate``: reads the settings, and says what they make."""

from pathlib import Path

from slipway import console
from slipway.checkout import project


def validate() -> None:
    """Print the stacks' names, in the order in which they are first applied."""
    found = project.find(Path.cwd())
    warn(found)
    for stack in found.names.stacks:
        console.data(stack)


def warn(found: project.Project) -> None:
    """Say what the settings allow and is worth a word."""
    for warning in found.warnings:
        console.message(f"warning: {warning}")
