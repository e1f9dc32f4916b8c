"""The commands that review plans: ``slipway review`` is the review's own; ``slipway plan`` plans first."""

from pathlib import Path
from typing import Annotated

import typer

from plan_review import cli
from plan_review.cli import OneForFailure, one_exit_code, review


def add(app: typer.Typer) -> None:
    """Register ``slipway review`` and ``slipway plan``."""
    app.command(cls=OneForFailure)(review)
    app.command(cls=OneForFailure)(plan)


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
    from plan_review.outputs import ReviewOutput
    from slipway.cli import plan as command
    from slipway.cli.failures import as_explained

    with one_exit_code(), as_explained():
        output = ReviewOutput(formats or ["md"], out, settings, budget, whole, expect)
        output.finish(command.plan(stacks or [], synthesised=synthesised))
