"""``slipway demo``: applies every stack to an emulated AWS."""

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
        bool, typer.Option("--keep", help="Keep the emulated AWS running, and print how to use it.")
    ] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Stop the emulated AWS that --keep left.")] = False,
) -> None:
    """Apply every stack to an emulated AWS, and plan again.

    \b
    slipway demo                    takes about four minutes, needs no account
    slipway demo --keep             ... and keeps the emulated AWS running
    slipway demo --stop             stops what --keep left running

    Terraform and the AWS provider are real; only AWS itself is emulated, on this machine.
    It writes below .slipway/ only.

    Exit codes: 0 applied, and a second plan has no changes, 1 failed, 2 wrong settings, 130 interrupted.
    """
    if stop:
        _stop()
    else:
        _demo(keep=keep)


def _demo(*, keep: bool) -> None:
    """Apply, and print the outputs. keep: keep the emulated AWS running."""
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
    """Stop the emulated AWS of earlier demos."""
    stopped = kept_emulators.stop_all(project.find(Path.cwd()).working)
    console.message(f"stopped: {', '.join(stopped)}" if stopped else "no emulated AWS is running here")
