"""``slipway bootstrap``: the state bucket, with the credentials that the environment holds."""

from pathlib import Path

from slipway import project
from slipway.aws.clients import Aws, require_account
from slipway.cli import say
from slipway.state import bootstrap as state


def bootstrap(*, dry_run: bool) -> None:
    """Make or repair it, saying each step."""
    found = project.find(Path.cwd())
    aws = Aws(found.settings.region)
    require_account(aws, found.settings.account)
    state.bootstrap(found.state_bucket(aws), say.words, dry_run=dry_run)
    if not dry_run:
        say.words(f"Terraform's state has its place: s3://{found.names.state_bucket}. Next: cdktf deploy '*'")
