"""``slipway plan``: every stack planned without a lock, and reviewed; nothing is left of the plans."""

import os
from pathlib import Path
from typing import Annotated

import typer

from local.emulator import overrides
from plan_review import cli
from plan_review.cli import OneForFailure, one_exit_code
from plan_review.outputs import ReviewOutput
from plan_review.plan import Plan
from slipway import console
from slipway.aws.clients import is_emulated
from slipway.checkout import project
from slipway.checkout.project import Project
from slipway.checkout.workdir import claimed
from slipway.cli.command import declare
from slipway.cli.failures import as_explained
from slipway.console.errors import SlipwayError
from slipway.processes import interruption
from slipway.terraform.progress.choose import progress
from slipway.terraform.settings import terraform_environment
from slipway.terraform.stacks.engine import Engine
from slipway.terraform.stacks.manifest import SynthesisedStack
from slipway.terraform.stacks.planning import Planning
from slipway.terraform.stacks.synthesis import synthesise
from slipway.terraform.stacks.untrusted_copy import allowed, take_over

app = declare()


@app.command(cls=OneForFailure)
def plan(
    stacks: Annotated[
        list[str] | None, typer.Argument(metavar="[STACK...]", help="Only these.  [every stack]")
    ] = None,
    *,
    formats: cli.Formats = None,
    out: cli.Out = None,
    settings: cli.Settings = None,
    synthesised: Annotated[
        Path | None,
        typer.Option(
            "--synthesised", metavar="DIR", help="Plan what another job synthesised; checked first."
        ),
    ] = None,
    budget: cli.Budget = cli.COMMENT,
    whole: cli.Whole = "",
    comment_key: cli.CommentKey = "",
    expect: cli.Expect = None,
) -> None:
    """Synthesise, plan every stack without a lock, and review what would change.

    \b
    slipway plan                             every stack of pipeline.toml
    slipway plan my-app-prod                 one of them
    slipway plan --format json --out review  ... kept, to be held against later
    slipway plan --expect review/review.json refuses unless it is still exactly that

    Needs credentials that may read. Changes nothing; the plan files, which hold secrets, are removed.
    --synthesised takes a cdktf.out from an untrusted place: it runs none of its code, and refuses what
    could make Terraform run any, or show it anything but what the stacks' own provider reads.

    Exit codes: 0 nothing changes, 2 changes, 3 blocked or not what was expected, 1 anything failed,
    wrong usage too.
    """
    with one_exit_code(), as_explained():
        output = ReviewOutput(formats or ["md"], out, settings, budget, whole, expect, comment_key)
        found = project.find(Path.cwd())
        found.sign_in()
        output.finish(planned(found, stacks or [], synthesised))


def planned(found: Project, stacks: list[str], synthesised: Path | None = None) -> tuple[Plan, ...]:
    """The plans of the stacks that are named, or of all. Nothing is left of the files.

    synthesised: what another job has synthesised, which is checked first. Default: synthesise here.
    """
    with claimed(found.working, "plan") as directory:
        ready = _chosen(_stacks(found, directory / "cdktf.out", synthesised), stacks)
        return _plans(ready, directory)


def _stacks(found: Project, output: Path, synthesised: Path | None) -> tuple[SynthesisedStack, ...]:
    """The stacks, in a place of their own; override files of an emulated AWS lie nowhere else."""
    if synthesised is None:
        stacks = interruption.run(synthesise(found.root, output))
    else:
        stacks = take_over(synthesised, output, allowed(found.names))
    if is_emulated(os.environ):
        overrides.write(output)
    return stacks


def _chosen(stacks: tuple[SynthesisedStack, ...], names: list[str]) -> tuple[SynthesisedStack, ...]:
    """Those that are named, or all."""
    unknown = sorted(set(names) - {stack.name for stack in stacks})
    if unknown:
        known = ", ".join(stack.name for stack in stacks)
        raise SlipwayError(f"there is no stack {unknown[0]!r}", then=f"one of: {known}")
    if not stacks:
        raise SlipwayError("there is no stack to plan", then="does main.py make any?")
    return tuple(stack for stack in stacks if not names or stack.name in names)


def _plans(stacks: tuple[SynthesisedStack, ...], directory: Path) -> tuple[Plan, ...]:
    """Plan them, shown as it goes."""
    environment = terraform_environment(directory, os.environ)
    console.message(f"planning {len(stacks)} stacks, without a lock")
    with progress([stack.name for stack in stacks]) as shown:
        return interruption.run(Planning(Engine(stacks, environment, shown)).all())
