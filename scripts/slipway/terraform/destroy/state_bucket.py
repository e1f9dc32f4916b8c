"""The state bucket at the end: what other state lies in it, and its own end once nothing is left."""

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
    """The keys of all state in the bucket that still knows resources; ``but``: keys that do not count."""
    states = [key for key in _keys(s3, bucket) if key.endswith(STATE) and key not in but]
    return [key for key in states if _resources(s3, bucket, key)]


def remove(bucket: StateBucket) -> int:
    """Empty the state bucket and delete it; how many versions it held. Raises if state still needs it."""
    held = [key for key in _keys(bucket.s3, bucket.name) if key.endswith(LOCK)]
    if held:
        raise SlipwayError(
            f"the state bucket {bucket.name} stays", why=f"somebody works on its state: {', '.join(held)}"
        )
    needed = states_with_resources(bucket.s3, bucket.name)
    if needed:
        raise SlipwayError(
            f"the state bucket {bucket.name} stays",
            why=f"resources that exist are known only from it: {', '.join(needed)}",
            then="destroy those first: put what pipeline.toml no longer has back into it, and run this again",
        )
    lift(bucket)
    removed = run(empty_bucket(bucket.s3, bucket.name))
    bucket.s3.delete_bucket(Bucket=bucket.name, ExpectedBucketOwner=bucket.account)
    return removed


def _keys(s3: "S3Client", bucket: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for each in page.get("Contents", ()):
            yield each["Key"]


def _resources(s3: "S3Client", bucket: str, key: str) -> bool:
    """Whether a state knows any resource that exists; what it merely looks up does not count.

    A state that cannot be read may know some.
    """
    try:
        state = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    except ValueError:
        return True
    resources = state.get("resources", []) if isinstance(state, dict) else []
    return any(resource.get("mode") == "managed" and resource.get("instances") for resource in resources)
