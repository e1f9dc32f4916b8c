"""The commands that review plans: what they take, and what their exit codes say."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from slipway.console.errors import FAILED

COMMENT = 65_536  # characters that GitHub lets a comment have

Formats = Annotated[
    list[str] | None,
    typer.Option("--format", metavar="md|html|json", help="What to write; may be given several times.  [md]"),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Write review.md, .html, .json here, not to stdout."),
]
Settings = Annotated[
    Path | None,
    typer.Option("--settings", metavar="FILE", help="Severities and acknowledgements.  [review.toml]"),
]
Budget = Annotated[int, typer.Option("--budget", metavar="N", help="Characters that the Markdown may have.")]
Whole = Annotated[
    str, typer.Option("--whole", metavar="WHERE", help="Where a shortened comment sends readers; a link.")
]
Expect = Annotated[
    Path | None,
    typer.Option("--expect", metavar="FILE", help="Refuse what differs from this review.json."),
]


class OneForFailure(TyperCommand):
    """A command for which 2 means that something changes: wrong usage is 1, as every failure is."""

    def parse_args(
        self,
        ctx: Any,  # noqa: ANN401  # its type is in a private module of Typer's
        args: list[str],
    ) -> list[str]:
        """Read the command line."""
        try:
            return super().parse_args(ctx, args)
        except typer.TyperException as error:
            error.exit_code = FAILED
            raise


def add(app: typer.Typer) -> None:
    """Register ``slipway review`` and ``slipway plan``."""
    app.command(cls=OneForFailure)(review)
    app.command(cls=OneForFailure)(plan)


def review(
    plans: Annotated[list[Path], typer.Argument(metavar="PLAN.json...", help="- is standard input.")],
    *,
    formats: Formats = None,
    out: Out = None,
    settings: Settings = None,
    synthesised: Annotated[
        Path | None,
        typer.Option("--synthesised", metavar="DIR", help="cdktf.out, to name the constructs."),
    ] = None,
    budget: Budget = COMMENT,
    whole: Whole = "",
    expect: Expect = None,
) -> None:
    """Say what Terraform plans would do, riskiest first, and block what must not pass unseen.

    \b
    terraform show -json tfplan | slipway review -
    slipway review network.json app.json --format md --format html --out review
    slipway review app.json --expect review/review.json

    Takes what `terraform show -json` writes for a plan, of any provider, formats 1.x; several plans make
    one review. Asks nobody: no network, no credentials. Values that are secret, or look it, are masked.

    Exit codes: 0 nothing changes, 2 changes, 3 blocked or not what was expected, 1 anything failed,
    wrong usage too.
    """
    from slipway.cli import review as command

    command.review(
        plans,
        command.Wanted(formats or ["md"], out, settings, budget, whole, expect),
        synthesised=synthesised,
    )


def plan(
    stacks: Annotated[
        list[str] | None, typer.Argument(metavar="[STACK...]", help="Only these.  [every stack]")
    ] = None,
    *,
    formats: Formats = None,
    out: Out = None,
    settings: Settings = None,
    synthesised: Annotated[
        Path | None,
        typer.Option(
            "--synthesised", metavar="DIR", help="Plan what another job synthesised; checked first."
        ),
    ] = None,
    budget: Budget = COMMENT,
    whole: Whole = "",
    expect: Expect = None,
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
    from slipway.cli import plan as command
    from slipway.cli.review import Wanted

    command.plan(
        stacks or [],
        Wanted(formats or ["md"], out, settings, budget, whole, expect),
        synthesised=synthesised,
    )
