"""Answers the pending approval, after showing what it would ship: ``slipway approve``, ``slipway reject``."""

from pathlib import Path

from slipway import console
from slipway.aws import requests
from slipway.aws.clients import Aws
from slipway.aws.codepipeline import Approval, PipelineState, require_pipeline
from slipway.aws.requests import Answer
from slipway.checkout import project
from slipway.checkout.commits import between, subject
from slipway.checkout.project import Project
from slipway.cli.dry_run import would_call
from slipway.console import confirm, documents
from slipway.console.documents import Document
from slipway.console.errors import SlipwayError, UsageError
from slipway.releases.plan import Step
from slipway.releases.read import CatalogReader


class ApprovalAnswer(Document):
    """What ``slipway approve`` and ``slipway reject`` print with ``--json``."""

    environment: str
    """The environment that the release waited for."""
    commit: str
    """The commit; empty where AWS does not name one."""
    answer: Answer
    """How the approval was answered."""
    execution: str
    """The pipeline execution whose approval it was."""


def answer(status: Answer, env: str | None, *, yes: bool, dry_run: bool, reason: str, json: bool) -> None:
    """Answer the approval that waits in an environment, or in the only one where one does."""
    found = project.find(Path.cwd())
    asked = None if env is None else found.environment(env).environment
    aws = found.sign_in()
    approval = _pending(require_pipeline(aws, found.names), asked)
    confirm.require_somebody(yes=yes or dry_run)
    _show(approval, found, aws)
    said = reason or f"{status} by {aws.identity.name} with slipway"
    request = requests.put_approval_result(found.names, approval, status, said)
    if dry_run:
        would_call([Step(request)])
        return
    if not yes:
        verb = "Let it into" if status == "Approved" else "Keep it out of"
        confirm.agree(f"{verb} {approval.stage}?")
    request.send(aws)
    console.message(f"{status.lower()}: {approval.commit[:12] or approval.execution} for {approval.stage}")
    if json:
        documents.show(
            ApprovalAnswer(
                environment=approval.stage,
                commit=approval.commit,
                answer=status,
                execution=approval.execution,
            )
        )


def _pending(pipeline: PipelineState, asked: str | None) -> Approval:
    waiting = [
        stage.approval for stage in pipeline.stages.values() if stage.approval and asked in (None, stage.name)
    ]
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
    reader = CatalogReader.of(aws, found.names, [found.environment(approval.stage)])
    running = reader.read().running(approval.stage)
    title = subject(found.root, approval.commit)
    shipped = approval.commit[:12] or "a commit that AWS does not name"
    console.message(f"{approval.stage} would get  {shipped}  {title}")
    console.message(f"{approval.stage} runs       {running.commit[:12] if running else 'nothing yet'}")
    added = between(found.root, running.commit if running else "", approval.commit)
    for line in added.lines:
        console.message(f"    {line}")
    if added.more:
        console.message(f"    … and {added.more} more")
