"""``slipway approve`` and ``slipway reject``: the pending approval, with what it would ship."""

import json as encoding
from pathlib import Path

from slipway import console
from slipway.aws import codepipeline, requests
from slipway.aws.clients import Aws
from slipway.aws.requests import Answer, Approval
from slipway.aws.who import caller
from slipway.checkout import project
from slipway.checkout.commits import between, subject
from slipway.checkout.project import Project
from slipway.cli.dry import would_call
from slipway.console import confirm
from slipway.console.errors import SlipwayError, UsageError
from slipway.releases.read import gather
from slipway.releases.sending import Sending


def approve(*, env: str | None, yes: bool, dry_run: bool, reason: str, json: bool) -> None:
    """Let it in."""
    _answer("Approved", env, yes=yes, dry_run=dry_run, reason=reason, json=json)


def reject(*, env: str | None, yes: bool, dry_run: bool, reason: str, json: bool) -> None:
    """Keep it out."""
    _answer("Rejected", env, yes=yes, dry_run=dry_run, reason=reason, json=json)


def _answer(status: Answer, env: str | None, *, yes: bool, dry_run: bool, reason: str, json: bool) -> None:
    confirm.require_somebody(yes=yes or dry_run)
    found, aws = project.signed_in(Path.cwd())
    approval = _pending(found, aws, env)
    _show(approval, found, aws)
    said = reason or f"{status} by {caller(aws.sts)} with slipway"
    request = requests.answer(found.names, approval, status, said)
    if dry_run:
        would_call([request])
        return
    if not yes:
        verb = "Let it into" if status == "Approved" else "Keep it out of"
        confirm.agree(f"{verb} {approval.stage}?")
    Sending(aws).send(request)
    console.message(f"{status.lower()}: {approval.commit[:12] or approval.execution} for {approval.stage}")
    if json:
        answered = {"environment": approval.stage, "commit": approval.commit, "answer": status}
        console.data(encoding.dumps({**answered, "execution": approval.execution}))


def _pending(found: Project, aws: Aws, env: str | None) -> Approval:
    """The approval that waits, in this environment or in the only one where one does."""
    asked = None if env is None else found.environment(env).environment
    ways = codepipeline.read_all(aws.codepipeline, found.names)
    waiting = [each.approval for name, each in ways.items() if each.approval and asked in (None, name)]
    match waiting:
        case [one]:
            return one
        case []:
            raise SlipwayError(
                f"nothing waits for approval{f' in {asked}' if asked else ''}",
                then="slipway status shows where the pipeline stands",
            )
        case several:
            names = ", ".join(each.stage for each in several)
            raise UsageError("which approval?", why=f"one waits in each of {names}", then="--env NAME")


def _show(approval: Approval, found: Project, aws: Aws) -> None:
    """Say what it would ship, and what that adds to what runs."""
    environment = found.environment(approval.stage)
    running = gather(aws, found.names, [environment]).running(approval.stage)
    title = subject(found.root, approval.commit)
    console.message(
        f"{approval.stage} would get  {approval.commit[:12] or 'a commit that AWS does not name'}  {title}"
    )
    console.message(f"{approval.stage} runs       {running.commit[:12] if running else 'nothing yet'}")
    added = between(found.root, running.commit if running else "", approval.commit)
    for line in added.lines:
        console.message(f"    {line}")
    if added.more:
        console.message(f"    … and {added.more} more")
