"""The command line of ``slipway review``: its arguments, help and exit codes."""

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from plan_review.errors import FAILED, ExplainedError

COMMAND = "python -m plan_review"
COMMENT = 65_536  # GitHub's limit for a comment, in characters

Formats = Annotated[
    list[str] | None,
    typer.Option("--format", metavar="md|html|json", help="Output format; can be repeated.  [md]"),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", help="Write review.md, .html, .json to this directory, not to stdout."
    ),
]
Settings = Annotated[
    Path | None,
    typer.Option("--settings", metavar="FILE", help="Severities and acknowledgements.  [review.toml]"),
]
Budget = Annotated[
    int, typer.Option("--budget", metavar="N", help="Maximum number of characters of the Markdown.")
]
Whole = Annotated[
    str,
    typer.Option("--whole", metavar="WHERE", help="Link to the full review, shown in a shortened comment."),
]
CommentKey = Annotated[
    str,
    typer.Option("--comment-key", metavar="KEY", help="Distinguishes this comment from another workflow's."),
]
Expect = Annotated[
    Path | None,
    typer.Option("--expect", metavar="FILE", help="Fail if the plans differ from this review.json."),
]


class OneForFailure(TyperCommand):
    """A command that exits with 1, not 2, on wrong usage: 2 means that the plans have changes."""

    def parse_args(
        self,
        ctx: Any,  # noqa: ANN401  # its type is in a private module of Typer's
        args: list[str],
    ) -> list[str]:
        """Parses the command line; wrong usage exits with 1."""
        try:
            return super().parse_args(ctx, args)
        except typer.TyperException as error:
            error.exit_code = FAILED
            raise


def review(
    plans: Annotated[list[Path], typer.Argument(metavar="PLAN.json", help="- reads standard input.")],
    *,
    formats: Formats = None,
    out: Out = None,
    settings: Settings = None,
    synthesised: Annotated[
        Path | None,
        typer.Option("--synthesised", metavar="DIR", help="cdktf.out of the plans, to show constructs."),
    ] = None,
    budget: Budget = COMMENT,
    whole: Whole = "",
    comment_key: CommentKey = "",
    expect: Expect = None,
    names: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="NAME", help="Name of a plan's stack; repeat it for each plan."),
    ] = None,
) -> None:
    """Review Terraform plans, riskiest changes first; fail on unacknowledged risks.

    \b
    terraform show -json tfplan | slipway review -
    slipway review network.json app.json --format md --format html --out review
    slipway review app.json --expect review/review.json

    Reads the output of `terraform show -json` or `tofu show -json` for a plan, of any provider, format 1.x;
    also gzipped, and with the lines that setup-terraform's wrapper adds. Several plans are reviewed together;
    stacks are named after their files or with --name. Needs no network and no credentials. Secrets, and
    values that look like secrets, are masked.

    Exit codes: 0 no changes, 2 changes, 3 blocked or different from --expect, 1 any failure, also wrong
    usage.
    """
    from plan_review.inputs import read_plans
    from plan_review.outputs import ReviewOutput

    with one_exit_code():
        output = ReviewOutput(formats or ["md"], out, settings, budget, whole, expect, comment_key)
        output.finish(read_plans(plans, synthesised, names or ()))


@contextmanager
def one_exit_code() -> Iterator[None]:
    """Turns every failure into exit code 1, because 2 means changes; escapes its message for logs."""
    from plan_review.render.escape import for_terminal

    try:
        yield
    except OSError as error:
        if not isinstance(error.filename, str):
            raise
        failure = ExplainedError(f"cannot read or write {error.filename}", why=error.strerror or str(error))
    except ExplainedError as error:
        failure = error
    else:
        return
    what, why, then = map(for_terminal, (failure.what, failure.why, failure.then))
    sys.stderr.write(f"error: {ExplainedError(what, why=why, then=then)}\n")
    sys.exit(FAILED)


def main() -> None:
    """Runs the command line and exits."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    words = inspect.getdoc(review) or ""
    app.command(cls=OneForFailure, help=words.replace("slipway review", COMMAND))(review)
    app(prog_name=COMMAND)
