"""``slipway bootstrap``: creates or repairs the bucket for Terraform's state."""

from pathlib import Path
from typing import Annotated

import typer

from slipway import console
from slipway.checkout import project
from slipway.cli.command import declare
from slipway.console.cdk import cdk
from slipway.terraform.state import bootstrap as state
from slipway.terraform.state.bucket import StateBucket

app = declare()


@app.command()
def bootstrap(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Change nothing; print what is missing.")
    ] = False,
) -> None:
    """Create or repair the S3 bucket for Terraform's state.

    \b
    slipway bootstrap --dry-run     prints what is missing
    slipway bootstrap               creates it; if it exists, adds what is missing

    The bucket is versioned, encrypted and private, and refuses requests without TLS.
    Needs credentials of the account in pipeline.toml.

    Exit codes: 0 the bucket is complete; 1 failed; 2 wrong settings.
    """
    found = project.find(Path.cwd())
    bucket = StateBucket.of(found.sign_in(), found.settings, found.names)
    state.bootstrap(bucket, console.message, dry_run=dry_run)
    if not dry_run:
        first = cdk("deploy", found.names.foundation_stack)
        console.message(f"Terraform's state is stored in s3://{bucket.name}. Next: {first}")
