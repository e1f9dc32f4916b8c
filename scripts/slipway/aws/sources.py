"""A pipeline's source in S3: one object; each version of it is one release."""

from dataclasses import dataclass

from slipway.aws.clients import Aws

RELEASE = "release"


@dataclass(frozen=True)
class SourceVersion:
    """A version of the source object. release: the name in its metadata, "" if there is none."""

    id: str
    release: str


def upload(aws: Aws, bucket: str, key: str, archive: bytes, *, release: str) -> SourceVersion:
    """Upload a new version of the source object, which starts the pipeline."""
    answer = aws.s3.put_object(Bucket=bucket, Key=key, Body=archive, Metadata={RELEASE: release})
    return SourceVersion(answer["VersionId"], release)


def versions(aws: Aws, bucket: str, key: str) -> tuple[SourceVersion, ...]:
    """All versions of the source object, newest first."""
    pages = aws.s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key)
    found = [version for page in pages for version in page.get("Versions", ()) if version.get("Key") == key]
    newest_first = sorted(found, key=lambda version: version["LastModified"], reverse=True)
    return tuple(_version(aws, bucket, key, version["VersionId"]) for version in newest_first)


def _version(aws: Aws, bucket: str, key: str, id: str) -> SourceVersion:
    head = aws.s3.head_object(Bucket=bucket, Key=key, VersionId=id)
    return SourceVersion(id, head.get("Metadata", {}).get(RELEASE, ""))
