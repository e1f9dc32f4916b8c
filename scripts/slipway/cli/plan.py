"""``slipway plan``: every stack planned without a lock, to be reviewed; nothing is left of the plans."""

import os
from pathlib import Path

from local.emulator import overrides
from plan_review.plan import Plan
from slipway import console
from slipway.aws.clients import Aws, is_emulated, require_account
from slipway.checkout import project
from slipway.checkout.project import Project
from slipway.checkout.workdir import claimed
from slipway.console.errors import SlipwayError
from slipway.processes import interruption
from slipway.progress.choose import progress
from slipway.terraform.settings import terraform_environment
from slipway.terraform.stacks.engine import Engine
from slipway.terraform.stacks.manifest import Stack
from slipway.terraform.stacks.planning import Planning
from slipway.terraform.stacks.synthesis import synthesise
from slipway.terraform.stacks.untrusted_copy import allowed, take_over


def plan(stacks: list[str], *, synthesised: Path | None) -> tuple[Plan, ...]:
    """The plans of these stacks, or of all."""
    found = project.find(Path.cwd())
    require_account(Aws(found.settings.region), found.settings.account)
    with claimed(found.working, "plan") as directory:
        ready = _chosen(_stacks(found, directory / "cdktf.out", synthesised), stacks)
        return _plans(ready, directory)


def _stacks(found: Project, output: Path, synthesised: Path | None) -> tuple[Stack, ...]:
    """The stacks, in a place of their own; override files of an emulated AWS lie nowhere else."""
    if synthesised is None:
        stacks = interruption.run(synthesise(found.root, output))
    else:
        stacks = take_over(synthesised, output, allowed(found.names))
    if is_emulated(os.environ):
        overrides.write(output)
    return stacks


def _chosen(stacks: tuple[Stack, ...], names: list[str]) -> tuple[Stack, ...]:
    """Those that are named, or all."""
    unknown = sorted(set(names) - {stack.name for stack in stacks})
    if unknown:
        known = ", ".join(stack.name for stack in stacks)
        raise SlipwayError(f"there is no stack {unknown[0]!r}", then=f"one of: {known}")
    if not stacks:
        raise SlipwayError("there is no stack to plan", then="does main.py make any?")
    return tuple(stack for stack in stacks if not names or stack.name in names)


def _plans(stacks: tuple[Stack, ...], directory: Path) -> tuple[Plan, ...]:
    """Plan them, shown as it goes."""
    environment = terraform_environment(directory, os.environ)
    console.message(f"planning {len(stacks)} stacks, without a lock")
    with progress([stack.name for stack in stacks]) as shown:
        return interruption.run(Planning(Engine(stacks, environment, shown)).all())
