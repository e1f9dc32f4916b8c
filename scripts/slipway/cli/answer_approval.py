"""Approves or rejects the pending approval, after showing the release: ``slipway approve`` and ``reject``."""

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
    """The environment that the release was waiting for."""
    commit: str
    """The commit; empty if AWS does not name one."""
    answer: Answer
    """The answer that was given."""
    execution: str
    """The id of the pipeline execution."""


def answer(status: Answer, env: str | None, *, yes: bool, dry_run: bool, reason: str, json: bool) -> None:
    """Answer the pending approval of an environment; without ``env``, the only pending one."""
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
        verb = "Approve this release for" if status == "Approved" else "Reject this release for"
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
        case [approval]:
            return approval
        case []:
            raise SlipwayError(
                f"no release waits for approval{f' in {asked}' if asked else ''}",
                then="slipway status shows the pipeline's stages",
            )
        case several:
            names = ", ".join(approval.stage for approval in several)
            raise UsageError(
                "more than one approval is pending",
                why=f"releases wait for approval in {names}",
                then="choose one with --env NAME",
            )


def _show(approval: Approval, found: Project, aws: Aws) -> None:
    """Print the release, and the commits that it adds to the running one."""
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
