"""The command line, which is ``slipway review`` too: what it takes, and what its exit codes say."""

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
CommentKey = Annotated[
    str,
    typer.Option("--comment-key", metavar="KEY", help="Tells this comment from another workflow's."),
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
    comment_key: CommentKey = "",
    expect: Expect = None,
    names: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="NAME", help="What a plan's stack is called; once for each plan."),
    ] = None,
) -> None:
    """Review Terraform plans, the riskiest changes first; fail on what is not acknowledged.

    \b
    terraform show -json tfplan | slipway review -
    slipway review network.json app.json --format md --format html --out review
    slipway review app.json --expect review/review.json

    Takes what `terraform show -json` or `tofu show -json` writes for a plan, of any provider, formats
    1.x; gzip and the output of setup-terraform's wrapper are read, too. Several plans make one review;
    they are called by their files, or by --name. Asks nobody: no network, no credentials. Values that
    are secret, or look it, are masked.

    Exit codes: 0 nothing changes, 2 changes, 3 blocked or not what was expected, 1 anything failed,
    wrong usage too.
    """
    from plan_review.inputs import read_plans
    from plan_review.outputs import ReviewOutput

    with one_exit_code():
        output = ReviewOutput(formats or ["md"], out, settings, budget, whole, expect, comment_key)
        output.finish(read_plans(plans, synthesised, names or ()))


@contextmanager
def one_exit_code() -> Iterator[None]:
    """Every failure is exit code 1 here, where 2 says that something changes; its words obey nobody."""
    from plan_review.render.escape import for_terminal

    try:
        yield
    except OSError as error:
        if not isinstance(error.filename, str):
            raise
        failure = ExplainedError(f"{error.filename} cannot be used", why=error.strerror or str(error))
    except ExplainedError as error:
        failure = error
    else:
        return
    what, why, then = map(for_terminal, (failure.what, failure.why, failure.then))
    sys.stderr.write(f"error: {ExplainedError(what, why=why, then=then)}\n")
    sys.exit(FAILED)


def main() -> None:
    """Run the command line; ends the process."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    words = inspect.getdoc(review) or ""
    app.command(cls=OneForFailure, help=words.replace("slipway review", COMMAND))(review)
    app(prog_name=COMMAND)
