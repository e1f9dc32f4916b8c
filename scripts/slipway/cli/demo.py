"""``slipway demo``: the main job, told as it goes, and what it came to."""

from pathlib import Path

from local.demo import kept, report, run
from slipway import console
from slipway.checkout import project
from slipway.cli.validate import warn


def demo(*, keep: bool) -> None:
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


def stop() -> None:
    """Stop what earlier demos left up."""
    stopped = kept.stop_all(project.find(Path.cwd()).working)
    console.message(f"stopped: {', '.join(stopped)}" if stopped else "no emulated AWS was left up here")
