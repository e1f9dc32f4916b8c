"""``slipway plan``: plans every stack without a lock and reviews the plans; the plan files are removed."""

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
        list[str] | None,
        typer.Argument(metavar="STACK", help="Only these stacks. Default: all."),
    ] = None,
    *,
    formats: cli.Formats = None,
    out: cli.Out = None,
    settings: cli.Settings = None,
    synthesised: Annotated[
        Path | None,
        typer.Option(
            "--synthesised",
            metavar="DIR",
            help="Plan another job's synthesised stacks, after checking them.",
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
    slipway plan --format json --out review  ... saved, to be compared later
    slipway plan --expect review/review.json fails unless the review is the same as the saved one

    Needs read permissions. Changes nothing; the plan files, which contain secrets, are removed.
    --synthesised accepts a cdktf.out from an untrusted source: it runs none of its code, and refuses files
    that could make Terraform run code or read anything except through the stacks' own provider.

    Exit codes: 0 no changes, 2 changes, 3 blocked or not as expected, 1 failed or wrong usage.
    """
    with one_exit_code(), as_explained():
        output = ReviewOutput(formats or ["md"], out, settings, budget, whole, expect, comment_key)
        found = project.find(Path.cwd())
        found.sign_in()
        output.finish(planned(found, stacks or [], synthesised))


def planned(found: Project, stacks: list[str], synthesised: Path | None = None) -> tuple[Plan, ...]:
    """Plan the stacks, and remove the plan files.

    stacks: their names; empty for all. synthesised: the directory that another job synthesised, which is
    checked first. Default: synthesise here.
    """
    with claimed(found.working, "plan") as directory:
        ready = chosen(_stacks(found, directory / "cdktf.out", synthesised), stacks)
        return _plans(ready, directory)


def _stacks(found: Project, output: Path, synthesised: Path | None) -> tuple[SynthesisedStack, ...]:
    """The stacks in a directory of this run, with provider overrides if AWS is emulated."""
    if synthesised is None:
        stacks = interruption.run(synthesise(found.root, output))
    else:
        stacks = take_over(synthesised, output, allowed(found.names))
    if is_emulated(os.environ):
        overrides.write(output)
    return stacks


def chosen(stacks: tuple[SynthesisedStack, ...], names: list[str]) -> tuple[SynthesisedStack, ...]:
    """The stacks with these names, all if there are none. Raises SlipwayError for an unknown name."""
    unknown = sorted(set(names) - {stack.name for stack in stacks})
    if unknown:
        known = ", ".join(stack.name for stack in stacks)
        raise SlipwayError(f"stack {unknown[0]!r} not found", then=f"use one of: {known}")
    if not stacks:
        raise SlipwayError("main.py synthesised no stacks", then="add a stack to main.py")
    return tuple(stack for stack in stacks if not names or stack.name in names)


def _plans(stacks: tuple[SynthesisedStack, ...], directory: Path) -> tuple[Plan, ...]:
    """Plan the stacks, and show the progress."""
    environment = terraform_environment(directory, os.environ)
    console.message(f"planning {len(stacks)} stacks, without a lock")
    with progress([stack.name for stack in stacks]) as shown:
        return interruption.run(Planning(Engine(stacks, environment, shown)).all())
