"""The revisions that builds kept in the artifact bucket, one for each commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from slipway.aws.revisions import Location

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

SUFFIX = ".zip"


@dataclass(frozen=True)
class Kept:
    """A kept revision, and when it was built."""

    location: Location
    at: datetime


def read(s3: "S3Client", bucket: str, prefix: str) -> dict[str, Kept]:
    """Every kept revision, by its commit. Raises ClientError NoSuchBucket before there is a bucket."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return {
        commit: Kept(
            Location(bucket=bucket, key=each["Key"], etag=each.get("ETag", "").strip('"')),
            each["LastModified"],
        )
        for page in pages
        for each in page.get("Contents", ())
        if (commit := commit_in(each["Key"], prefix))
    }


def commit_in(key: str, prefix: str) -> str:
    """The commit that a kept revision's key names; "" for any other key."""
    name = key.removeprefix(prefix)
    named = key.startswith(prefix) and name.endswith(SUFFIX) and "/" not in name
    return name.removesuffix(SUFFIX) if named else ""
