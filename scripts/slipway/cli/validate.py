"""``slipway validate``: reads the settings, and says what they make."""

from pathlib import Path

from slipway import project
from slipway.cli import say


def validate() -> None:
    """Print the stacks' names, in the order in which they are first applied."""
    found = project.find(Path.cwd())
    warn(found)
    for stack in found.names.stacks:
        say.data(stack)


def warn(found: project.Project) -> None:
    """Say what the settings allow and is worth a word."""
    for warning in found.warnings:
        say.words(f"warning: {warning}")
