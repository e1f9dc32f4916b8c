"""Synthesises the stacks: starts main.py as a process, into an output directory of our own."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from slipway.console import cdk
from slipway.console.errors import BAD_USAGE, SlipwayError, UsageError
from slipway.processes.program import Finished, Program, run
from slipway.terraform.stacks import manifest

MAIN = "main.py"
LAST_LINES = 15  # of what a failed synthesis wrote: the end of a traceback says what it was


async def synthesise(
    root: Path, output: Path, *, environment: Mapping[str, str] = os.environ
) -> tuple[manifest.SynthesisedStack, ...]:
    """Empty the output directory and synthesise into it; the stacks that came out.

    environment: what main.py is started with, as where SLIPWAY_SETTINGS names other settings.
    """
    if output.exists():
        shutil.rmtree(output)
    output.mkdir(parents=True)
    outside = {**environment, "CDKTF_OUTDIR": str(output.absolute())}
    finished = await run(Program((cdk.python(root, environment), MAIN), root, outside))
    if finished.exit_code:
        raise _failure(finished)
    return manifest.read(output)


def _failure(finished: Finished) -> SlipwayError:
    """Bad settings are explained by main.py itself; anything else by the end of its traceback."""
    if finished.exit_code == BAD_USAGE:
        return UsageError(finished.error.strip().removeprefix("error: "))
    last = "\n".join(finished.error.strip().splitlines()[-LAST_LINES:])
    return SlipwayError(
        "the stacks could not be synthesised",
        why=last,
        then="`python main.py` says the same, in full",
    )
