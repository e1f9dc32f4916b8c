"""Synthesises the stacks: runs main.py as a process, with an own output directory."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from slipway.console import cdk
from slipway.console.errors import BAD_USAGE, SlipwayError, UsageError
from slipway.processes.program import Finished, Program, run
from slipway.terraform.stacks import manifest

MAIN = "main.py"
GRACE = 5.0  # seconds for an interrupted main.py to end Node and to remove temporary files
LAST_LINES = 15  # of a failed synthesis: the end of a traceback has the error


async def synthesise(
    root: Path, output: Path, *, environment: Mapping[str, str] = os.environ
) -> tuple[manifest.SynthesisedStack, ...]:
    """Empty the output directory, synthesise into it, and return the stacks. Raises SlipwayError.

    environment: main.py's environment variables, for example with SLIPWAY_SETTINGS. Default: os.environ.
    """
    if output.exists():
        shutil.rmtree(output)
    output.mkdir(parents=True)
    outside = {**environment, "CDKTF_OUTDIR": str(output.absolute())}
    finished = await run(Program((cdk.python(root, environment), MAIN), root, outside, GRACE))
    if finished.exit_code:
        raise _failure(finished)
    return manifest.read(output)


def _failure(finished: Finished) -> SlipwayError:
    """The error: main.py's own message, else the end of its traceback."""
    if finished.exit_code == BAD_USAGE:
        return UsageError(finished.error.strip().removeprefix("error: "))
    last = "\n".join(finished.words.splitlines()[-LAST_LINES:])
    traceback = "Traceback (most recent call last)" in finished.error
    return SlipwayError(
        "the stacks could not be synthesised",
        why=re.sub("^error: ", "", last, flags=re.MULTILINE),
        then="run `python main.py` to see the whole traceback" if traceback else "",
    )
