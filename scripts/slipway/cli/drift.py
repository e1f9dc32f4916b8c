"""``slipway drift``: whether AWS differs from what Terraform applied, for a nightly job."""

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

MOST = 20  # findings in a notification

app = declare()


@app.command(cls=OneForFailure)
def drift(
    stacks: Annotated[
        list[str] | None,
        typer.Argument(metavar="STACK", help="Only these stacks. Default: all."),
    ] = None,
    *,
    formats: cli.Formats = None,
    out: cli.Out = None,
    settings: cli.Settings = None,
    budget: cli.Budget = cli.COMMENT,
    whole: cli.Whole = "",
    notify: Annotated[
        bool, typer.Option("--notify", help="Publish the findings to the service's alert topic.")
    ] = False,
) -> None:
    """Check whether AWS differs from what Terraform applied.

    \b
    slipway drift                            every stack, the riskiest findings first
    slipway drift --notify                   ... and notifies the subscribers of the alert topic
    slipway drift --format md --out drift    ... as .github/workflows/drift.yml does

    Plans every stack without a lock, and reviews what an apply would change back. Run it on the commit that
    was applied last; otherwise changes that are not applied yet count as drift. What AWS changes itself is
    no drift: the number of hosts, suspended processes, targets, images, and all else that the stacks ignore.

    Needs read permissions; --notify also needs sns:Publish on the topic, and the use of its key.

    Exit codes: 0 no drift, 2 drift, 1 failed or wrong usage.
    """
    with one_exit_code(), as_explained():
        output = ReviewOutput(formats or ["md"], out, settings, budget, whole, None)
        found = project.find(Path.cwd())
        aws = found.sign_in()
        review, status = output.write(planned(found, stacks or []))
        drifted = status is not ReviewStatus.NOTHING_CHANGES or any(map(_matters, review.findings))
        if drifted and notify:
            subject = f"{found.names.service}: AWS differs from what Terraform applied"
            alerts.publish(aws, found.names.topic_arn, subject, message(review))
            console.message(f"published to {found.names.topic}")
    if drifted:
        sys.exit(int(ReviewStatus.CHANGES))


def _matters(finding: Finding) -> bool:
    """Whether a finding is drift of more than low severity that is not acknowledged."""
    return finding.drift and finding.severity.rank < Severity.LOW.rank and finding.acknowledged is None


def message(review: Review) -> str:
    """The text of the notification: the verdict, and the 20 riskiest findings."""
    lines = [
        f"{finding.severity}: {finding.address or finding.stack}: {finding.what}"
        for finding in review.findings
    ]
    left = len(lines) - MOST
    more = [f"{left} more."] if left > 0 else []
    whole = "slipway drift shows all of them."
    return "\n".join([review.verdict, "", *lines[:MOST], *more, "", whole])
