"""Creates or repairs the state bucket. If interrupted, run it again: it continues where it stopped."""

from collections.abc import Callable

from slipway.terraform.state.bucket import StateBucket
from slipway.terraform.state.protections import PROTECTIONS

Say = Callable[[str], None]


def bootstrap(bucket: StateBucket, say: Say, *, dry_run: bool = False) -> None:
    """Create the bucket and its protections; print for each whether it was found or added.

    say: prints a line. dry_run: only print what is missing. Default: False.
    """
    if not _make(bucket, say, dry_run=dry_run):
        for protection in PROTECTIONS:
            say(f"missing:  {protection.what}")
        return
    for protection in PROTECTIONS:
        if protection.holds(bucket):
            say(f"found:    {protection.what}")
        elif dry_run:
            say(f"missing:  {protection.what}")
        else:
            protection.put(bucket)
            say(f"added:    {protection.what}")


def _make(bucket: StateBucket, say: Say, *, dry_run: bool) -> bool:
    """Create the bucket if it does not exist. Returns whether it exists now."""
    what = f"the bucket {bucket.name} in {bucket.region}"
    if bucket.exists():
        say(f"found:    {what}")
        return True
    if dry_run:
        say(f"missing:  {what}")
        return False
    bucket.create()
    say(f"created:  {what}")
    return True
