"""``slipway validate``: reads the settings, and says what they make."""

from pathlib import Path

from slipway import console
from slipway.checkout import project
from slipway.cli.command import declare

app = declare()


@app.command()
def validate() -> None:
    """Check pipeline.toml, and list the stacks that it makes.

    \b
    slipway validate                every mistake at once

    Exit codes: 0 there is no mistake, 2 there is one.
    """
    found = project.find(Path.cwd())
    warn(found)
    for stack in found.names.stacks:
        console.data(stack)


def warn(found: project.Project) -> None:
    """Say what the settings allow and is worth a word."""
    for warning in found.warnings:
        console.message(f"warning: {warning}")
