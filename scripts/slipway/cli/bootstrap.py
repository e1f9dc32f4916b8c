"""``slipway bootstrap``: the bucket that holds Terraform's state."""

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
        bool, typer.Option("--dry-run", help="Change nothing; say what would be done.")
    ] = False,
) -> None:
    """Make the S3 bucket that holds Terraform's state, or repair it.

    \b
    slipway bootstrap --dry-run     says what is missing
    slipway bootstrap               does it; run again, it finds everything done

    The bucket is versioned, encrypted, private, and reached over TLS only.
    Needs credentials of the account that pipeline.toml names.

    Exit codes: 0 the bucket is complete, or was made so; 1 failed; 2 wrong settings.
    """
    found = project.find(Path.cwd())
    bucket = StateBucket.of(found.sign_in(), found.settings, found.names)
    state.bootstrap(bucket, console.message, dry_run=dry_run)
    if not dry_run:
        first = cdk("deploy", found.names.foundation_stack)
        console.message(f"Terraform's state has its place: s3://{bucket.name}. Next: {first}")
