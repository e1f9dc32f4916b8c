"""Makes the state bucket, or repairs it. If interrupted, run it again: it continues where it stopped."""

from collections.abc import Callable

from slipway.terraform.state.bucket import StateBucket
from slipway.terraform.state.protections import PROTECTIONS

Say = Callable[[str], None]


def bootstrap(bucket: StateBucket, say: Say, *, dry_run: bool = False) -> None:
    """Bring the bucket to where it has to be, saying of each thing whether it was found or done.

    dry_run: only look, and say what would be done.
    """
    if not _make(bucket, say, dry_run=dry_run):
        for protection in PROTECTIONS:
            say(f"would do: {protection.what}")
        return
    for protection in PROTECTIONS:
        if protection.holds(bucket):
            say(f"found:    {protection.what}")
        elif dry_run:
            say(f"would do: {protection.what}")
        else:
            protection.put(bucket)
            say(f"done:     {protection.what}")


def _make(bucket: StateBucket, say: Say, *, dry_run: bool) -> bool:
    """Make the bucket if need be; whether it is there afterwards."""
    what = f"the bucket {bucket.name} in {bucket.region}"
    if bucket.exists():
        say(f"found:    {what}")
        return True
    if dry_run:
        say(f"would do: {what}")
        return False
    bucket.create()
    say(f"done:     {what}")
    return True
