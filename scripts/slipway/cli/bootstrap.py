"""``slipway bootstrap``: the state bucket, with the credentials that the environment holds."""

from pathlib import Path

from slipway import console
from slipway.aws.clients import Aws, require_account
from slipway.checkout import project
from slipway.terraform.state import bootstrap as state


def bootstrap(*, dry_run: bool) -> None:
    """Make or repair it, saying each step."""
    found = project.find(Path.cwd())
    aws = Aws(found.settings.region)
    require_account(aws, found.settings.account)
    state.bootstrap(found.state_bucket(aws), console.message, dry_run=dry_run)
    if not dry_run:
        console.message(
            f"Terraform's state has its place: s3://{found.names.state_bucket}. Next: cdktf deploy '*'"
        )
