"""``slipway demo``: every stack applied to an emulated AWS."""

from pathlib import Path
from typing import Annotated

import typer

from local.demo import kept_emulators, report, run
from slipway import console
from slipway.checkout import project
from slipway.cli.command import declare
from slipway.cli.validate import warn

app = declare()


@app.command()
def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the emulated AWS up, and say how to use it.")
    ] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Stop every emulated AWS that was kept.")] = False,
) -> None:
    """Apply every stack to an emulated AWS, and plan again.

    \b
    slipway demo                    takes about four minutes, needs no account
    slipway demo --keep             ... and leaves the emulated AWS up
    slipway demo --stop             stops what was left up

    Real Terraform and the real AWS provider; only AWS itself is emulated, on this machine.
    Everything it writes is below .slipway/.

    Exit codes: 0 applied and planned again to nothing, 1 failed, 2 wrong settings, 130 interrupted.
    """
    if stop:
        _stop()
    else:
        _demo(keep=keep)


def _demo(*, keep: bool) -> None:
    """Do the main job; leave the emulated AWS up if asked to."""
    found = project.find(Path.cwd())
    warn(found)
    with run.applied(found, console.message) as (emulator, result):
        console.message()
        for line in report.outputs(result):
            console.data(line)
        report.show_table(result)
        if keep:
            emulator.keep()
            console.data("")
            for line in report.how_to_go_on(result, emulator):
                console.data(line)


def _stop() -> None:
    """Stop what earlier demos left up."""
    stopped = kept_emulators.stop_all(project.find(Path.cwd()).working)
    console.message(f"stopped: {', '.join(stopped)}" if stopped else "no emulated AWS was left up here")
