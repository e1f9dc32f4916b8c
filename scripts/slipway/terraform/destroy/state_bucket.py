"""Deletes the state bucket, if no state in it has resources and no lock is held."""

import json
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from slipway.console.errors import SlipwayError
from slipway.processes.interruption import run
from slipway.terraform.destroy.emptying import empty_bucket
from slipway.terraform.state.bucket import StateBucket
from slipway.terraform.state.protections import lift

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

STATE, LOCK = ".tfstate", ".tflock"


def states_with_resources(s3: "S3Client", bucket: str, *, but: Collection[str] = ()) -> list[str]:
    """The keys of all states in the bucket that have resources. but: keys to leave out. Default: none."""
    states = [key for key in _keys(s3, bucket) if key.endswith(STATE) and key not in but]
    return [key for key in states if _resources(s3, bucket, key)]


def remove(bucket: StateBucket) -> int:
    """Empty and delete the state bucket.

    Returns its number of versions; raises SlipwayError if it is in use.
    """
    held = [key for key in _keys(bucket.s3, bucket.name) if key.endswith(LOCK)]
    if held:
        raise SlipwayError(
            f"the state bucket {bucket.name} cannot be deleted",
            why=f"another process has locked a state in it: {', '.join(held)}",
            then="wait until it has finished, then run the command again",
        )
    needed = states_with_resources(bucket.s3, bucket.name)
    if needed:
        raise SlipwayError(
            f"the state bucket {bucket.name} cannot be deleted",
            why=f"it has the state of resources that still exist: {', '.join(needed)}",
            then="destroy those first: add their environments to pipeline.toml again, and rerun the command",
        )
    lift(bucket)
    removed = run(empty_bucket(bucket.s3, bucket.name))
    bucket.s3.delete_bucket(Bucket=bucket.name, ExpectedBucketOwner=bucket.account)
    return removed


def _keys(s3: "S3Client", bucket: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for stored in page.get("Contents", ()):
            yield stored["Key"]


def _resources(s3: "S3Client", bucket: str, key: str) -> bool:
    """Whether a state has managed resources; data sources do not count.

    A state that cannot be parsed counts as one that has.
    """
    try:
        state = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    except ValueError:
        return True
    resources = state.get("resources", []) if isinstance(state, dict) else []
    return any(resource.get("mode") == "managed" and resource.get("instances") for resource in resources)
