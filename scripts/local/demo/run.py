"""Runs the demo: synthesise, start the emulated AWS, create the state bucket, apply, plan again."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local.demo import kept_emulators
from local.demo.report import Report, StackReport
from local.emulator.process import Emulator
from local.stacks import apply, emulated, point_at, synthesised
from slipway.checkout.project import Project
from slipway.checkout.workdir import claimed
from slipway.console import cdk
from slipway.console.errors import SlipwayError
from slipway.processes import interruption
from slipway.terraform.progress.choose import progress
from slipway.terraform.stacks.engine import Engine, require_all_done, values
from slipway.terraform.stacks.manifest import SynthesisedStack

Say = Callable[[str], None]


@contextmanager
def applied(project: Project, say: Say) -> Iterator[tuple[Emulator, Report]]:
    """Applies and checks all stacks; the emulated AWS ends with the block, unless it is kept."""
    started = time.monotonic()
    with claimed(project.working, kept_emulators.NAME, in_use=kept_emulators.is_kept) as directory:
        output = directory / "cdktf.out"
        stacks = interruption.run(synthesised(project, output))
        say(f"synthesised {len(stacks)} stacks with {cdk.engine(project.root)} into {_short(output)}")
        with emulated(project, directory / kept_emulators.EMULATOR) as aws:
            say(f"emulated AWS at {aws.endpoint}, account {aws.account}")
            say(f"state bucket {project.names.state_bucket}")
            environment = point_at(aws, output)
            reports = interruption.run(_apply_and_check(aws, stacks, environment, say))
            yield aws, Report(directory, environment, reports, time.monotonic() - started)


async def _apply_and_check(
    aws: Emulator, stacks: tuple[SynthesisedStack, ...], environment: dict[str, str], say: Say
) -> tuple[StackReport, ...]:
    """Applies every stack, then plans each again; raises SlipwayError on failures or remaining changes."""
    names = [stack.name for stack in stacks]
    with progress(names) as shown:
        say("applying")
        done = await apply(aws, stacks, environment, shown)
    with progress(names) as shown:
        say("planning again")
        checks = await Engine(stacks, environment, shown).check()
    require_all_done(checks)
    unsettled = [f"{name}: {line}" for name, lines in values(checks).items() for line in lines]
    if unsettled:
        raise SlipwayError("a second plan still has changes", why="\n".join(unsettled))
    return tuple(StackReport(name, outcome.value, outcome.seconds) for name, outcome in done.items())


def _short(path: Path) -> str:
    """The path relative to the working directory, if it is below it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
