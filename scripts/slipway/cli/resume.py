"""``slipway resume``: opens the pipeline's way into an environment again."""

import json as encoding
from pathlib import Path

from slipway import console
from slipway.aws import codepipeline, requests
from slipway.aws.codepipeline import WayIn
from slipway.checkout import project
from slipway.cli.dry import would_call
from slipway.console import confirm
from slipway.console.printable import plain
from slipway.releases.sending import Sending


def resume(*, env: str | None, yes: bool, dry_run: bool, json: bool) -> None:
    """Resume, once it is agreed to."""
    confirm.require_somebody(yes=yes or dry_run)
    found, aws = project.signed_in(Path.cwd())
    name = found.environment(env).environment
    now = codepipeline.read(aws.codepipeline, found.names, name)
    if now.open:
        console.message(f"the pipeline is not paused before {name}")
        _document(name, was_paused=False, json=json)
        return
    _show(name, now)
    request = requests.resume(found.names, name)
    if dry_run:
        would_call([request])
        return
    if not yes:
        confirm.agree(f"Let releases into {name} again?")
    Sending(aws).send(request)
    console.message(f"the pipeline releases into {name} again")
    _document(name, was_paused=True, json=json)


def _show(name: str, now: WayIn) -> None:
    since = f" since {now.since:%Y-%m-%d %H:%M} UTC" if now.since else ""
    by = f" by {plain(now.by)}" if now.by else ""
    console.message(f"paused before {name}{since}{by}: {plain(now.reason) or 'no reason was given'}")
    if now.waiting:
        console.message(f"{now.waiting[:12]} waits there, and goes in at once")


def _document(name: str, *, was_paused: bool, json: bool) -> None:
    if json:
        console.data(encoding.dumps({"environment": name, "was_paused": was_paused, "paused": False}))
