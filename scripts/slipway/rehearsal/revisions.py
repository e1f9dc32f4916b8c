"""Revisions where builds keep them: in S3, found by commit."""

from dataclasses import dataclass
from pathlib import Path

from slipway.aws.clients import Aws


@dataclass(frozen=True)
class Revision:
    """A revision in S3, by the commit that it is of."""

    commit: str
    bucket: str
    key: str
    etag: str


def find(aws: Aws, bucket: str, prefix: str, commit: str) -> Revision:
    """The revision of a commit; raises ClientError if there is none."""
    key = f"{prefix}{commit}.zip"
    return Revision(commit, bucket, key, aws.s3.head_object(Bucket=bucket, Key=key)["ETag"])


def download(aws: Aws, revision: Revision, target: Path) -> None:
    """Fetches a revision as it was kept."""
    content = aws.s3.get_object(Bucket=revision.bucket, Key=revision.key)["Body"].read()
    target.write_bytes(content)
