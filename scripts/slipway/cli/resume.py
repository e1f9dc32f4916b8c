"""``slipway resume``: resumes the pipeline before an environment."""

from pathlib import Path

from slipway import console
from slipway.aws import requests
from slipway.aws.codepipeline import StageState, require_stage
from slipway.checkout import project
from slipway.cli.command import declare
from slipway.cli.dry_run import would_call
from slipway.cli.options import DryRun, Env, Json, Yes
from slipway.console import confirm, documents
from slipway.console.documents import Document
from slipway.console.printable import plain
from slipway.releases.plan import Step

app = declare()


class ResumeOutcome(Document):
    """What ``slipway resume --json`` prints."""

    environment: str
    """The environment before which the pipeline was paused."""
    was_paused: bool
    """Whether the pipeline was paused when the command started."""
    paused: bool
    """Whether the pipeline is paused now."""


@app.command()
def resume(*, env: Env = None, yes: Yes = False, dry_run: DryRun = False, json: Json = False) -> None:
    """Resume the pipeline after a rollback paused it.

    \b
    slipway resume --env prod                    shows who paused it, why, and what waits; then asks
    slipway resume --env prod --dry-run          prints the calls to AWS and makes none

    The newest waiting commit is then deployed at once, not the one that was rolled back.

    Exit codes: 0 resumed, or not paused, 1 failed or aborted, 2 wrong settings or usage.
    """
    found = project.find(Path.cwd())
    name = found.environment(env).environment
    confirm.require_somebody(yes=yes or dry_run)
    aws = found.sign_in()
    stage = require_stage(aws, found.names, name)
    if stage.transition.enabled:
        console.message(f"the pipeline is not paused before {name}")
        _document(name, was_paused=False, json=json)
        return
    _show(stage)
    request = requests.enable_transition(found.names, name)
    if dry_run:
        would_call([Step(request)])
        return
    if not yes:
        confirm.agree(f"Resume releases into {name}?")
    request.send(aws)
    console.message(f"resumed: the pipeline deploys to {name} again")
    _document(name, was_paused=True, json=json)


def _show(stage: StageState) -> None:
    transition = stage.transition
    since = f" since {transition.since:%Y-%m-%d %H:%M} UTC" if transition.since else ""
    by = f" by {plain(transition.by)}" if transition.by else ""
    reason = plain(transition.reason) or "no reason was given"
    console.message(f"paused before {stage.name}{since}{by}: {reason}")
    if transition.waiting:
        console.message(f"{transition.waiting[:12]} waits, and is deployed at once")


def _document(name: str, *, was_paused: bool, json: bool) -> None:
    if json:
        documents.show(ResumeOutcome(environment=name, was_paused=was_paused, paused=False))
