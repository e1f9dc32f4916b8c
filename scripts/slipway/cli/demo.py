"""``slipway demo``: the main job, told as it goes, and what it came to."""

from pathlib import Path

from slipway import project
from slipway.cli import say
from slipway.cli.validate import warn
from slipway.demo import kept, report, run


def demo(*, keep: bool) -> None:
    """Do the main job; leave the emulated AWS up if asked to."""
    found = project.find(Path.cwd())
    warn(found)
    with run.applied(found, say.words) as (emulator, result):
        say.words()
        for line in report.outputs(result):
            say.data(line)
        report.show_table(result)
        if keep:
            emulator.keep()
            say.data("")
            for line in report.how_to_go_on(result, emulator):
                say.data(line)


def stop() -> None:
    """Stop what earlier demos left up."""
    stopped = kept.stop_all(project.find(Path.cwd()).working)
    say.words(f"stopped: {', '.join(stopped)}" if stopped else "no emulated AWS was left up here")
