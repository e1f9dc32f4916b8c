"""``slipway validate``: checks pipeline.toml, and lists its stacks."""

from pathlib import Path

from slipway import console
from slipway.checkout import project
from slipway.cli.command import declare

app = declare()


@app.command()
def validate() -> None:
    """Check pipeline.toml, and list its stacks.

    \b
    slipway validate                prints all mistakes at once

    Exit codes: 0 no mistakes, 2 mistakes.
    """
    found = project.find(Path.cwd())
    warn(found)
    for stack in found.names.stacks:
        console.data(stack)


def warn(found: project.Project) -> None:
    """Print the warnings about the settings."""
    for warning in found.warnings:
        console.message(f"warning: {warning}")
