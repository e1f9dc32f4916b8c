"""``slipway drift``: whether AWS differs from what Terraform applied, for a job that runs each night."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from plan_review import cli
from plan_review.cli import OneForFailure, one_exit_code
from plan_review.finding import Finding, Severity
from plan_review.outputs import ReviewOutput
from plan_review.review import Review, ReviewStatus
from slipway import console
from slipway.aws import alerts
from slipway.checkout import project
from slipway.cli.command import declare
from slipway.cli.failures import as_explained
from slipway.cli.plan import planned

MOST = 20  # findings that a message names

app = declare()


@app.command(cls=OneForFailure)
def drift(
    stacks: Annotated[
        list[str] | None, typer.Argument(metavar="[STACK...]", help="Only these.  [every stack]")
    ] = None,
    *,
    formats: cli.Formats = None,
    out: cli.Out = None,
    settings: cli.Settings = None,
    budget: cli.Budget = cli.COMMENT,
    whole: cli.Whole = "",
    notify: Annotated[
        bool, typer.Option("--notify", help="Publish what was found to the service's topic.")
    ] = False,
) -> None:
    """Check whether AWS differs from what Terraform applied.

    \b
    slipway drift                            every stack, riskiest first
    slipway drift --notify                   ... and tells the subscribers of the alert topic
    slipway drift --format md --out drift    ... as .github/workflows/drift.yml does

    Plans every stack without a lock, and reviews what an apply would change back. Run it on the commit that
    was applied last, or what is not applied yet counts as drift. What changes by itself is none: the number
    of hosts, what a deployment suspends, targets, images, and everything else that the stacks leave to AWS.

    Needs credentials that may read; --notify also sns:Publish on the topic, and its key.

    Exit codes: 0 no drift, 2 drift, 1 anything failed, wrong usage too.
    """
    with one_exit_code(), as_explained():
        output = ReviewOutput(formats or ["md"], out, settings, budget, whole, None)
        found = project.find(Path.cwd())
        aws = found.sign_in()
        review, status = output.write(planned(found, stacks or []))
        drifted = status is not ReviewStatus.NOTHING_CHANGES or any(map(_matters, review.findings))
        if drifted and notify:
            subject = f"{found.names.service}: AWS is not what Terraform made of it"
            alerts.publish(aws, found.names.topic_arn, subject, message(review))
            console.message(f"published to {found.names.topic}")
    if drifted:
        sys.exit(int(ReviewStatus.CHANGES))


def _matters(finding: Finding) -> bool:
    """Whether a change outside Terraform that an apply leaves as it is is more than worth knowing."""
    return finding.drift and finding.severity.rank < Severity.LOW.rank and finding.acknowledged is None


def message(review: Review) -> str:
    """What the topic's subscribers read: the verdict, and the riskiest findings."""
    lines = [
        f"{finding.severity}: {finding.address or finding.stack}: {finding.what}"
        for finding in review.findings
    ]
    left = len(lines) - MOST
    more = [f"{left} more."] if left > 0 else []
    whole = "slipway drift shows everything."
    return "\n".join([review.verdict, "", *lines[:MOST], *more, "", whole])
