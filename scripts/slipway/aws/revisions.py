"""Revisions in S3: their locations, which are stored, and the commit and image that each one deploys.

The names of CodePipeline's artifacts do not contain the commit; only image.json in the revision does.
"""

import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from slipway.aws.archives import BROKEN
from slipway.aws.clients import Aws, translating
from slipway.aws.errors import AwsError
from slipway.console.errors import SlipwayError

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.type_defs import RevisionLocationTypeDef

NAME = "image.json"
SUFFIX = ".zip"
LARGEST = 8 * 1024 * 1024  # bytes; a revision has about 20 KB of scripts
LARGEST_NAME = 64 * 1024  # bytes of image.json
GONE = {"404", "NoSuchBucket", "NoSuchKey", "NoSuchVersion"}
UNVERSIONED = "null"


@dataclass(frozen=True, kw_only=True)
class RevisionLocation:
    """A revision's location in S3. version, etag: of the object, "" if CodeDeploy does not record them."""

    bucket: str
    key: str
    version: str = ""
    etag: str = ""

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    @property
    def object(self) -> dict[str, str]:
        """The object as arguments for S3's calls."""
        version = {"VersionId": self.version} if self.version else {}
        return {"Bucket": self.bucket, "Key": self.key, **version}


@dataclass(frozen=True)
class StoredRevision:
    """A revision that a build stored. at: when."""

    location: RevisionLocation
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RevisionImage:
    """What image.json in a revision says. problem: why it could not be read, "" if it could."""

    commit: str = ""
    digest: str = ""
    repository: str = ""
    built_at: datetime | None = None
    problem: str = ""


def location_of(revision: "RevisionLocationTypeDef") -> RevisionLocation | None:
    """The location of CodeDeploy's revision; None if it is not in S3."""
    s3 = revision.get("s3Location")
    if not s3:
        return None
    return RevisionLocation(
        bucket=s3.get("bucket", ""),
        key=s3.get("key", ""),
        version=s3.get("version", ""),
        etag=s3.get("eTag", ""),
    )


def stored_revisions(aws: Aws, bucket: str, prefix: str) -> dict[str, StoredRevision]:
    """The stored revisions by commit. Raises AwsError with code NoSuchBucket if the bucket does not exist."""
    pages = aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return {
        commit: StoredRevision(
            RevisionLocation(bucket=bucket, key=stored["Key"], etag=stored.get("ETag", "").strip('"')),
            stored["LastModified"],
        )
        for page in pages
        for stored in page.get("Contents", ())
        if (commit := commit_in(stored["Key"], prefix))
    }


def commit_in(key: str, prefix: str) -> str:
    """The commit in the key of a stored revision; "" for any other key."""
    name = key.removeprefix(prefix)
    named = key.startswith(prefix) and name.endswith(SUFFIX) and "/" not in name
    return name.removesuffix(SUFFIX) if named else ""


class RevisionImages:
    """Reads image.json from revisions, each location once: a version of an object does not change."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._known: dict[RevisionLocation, RevisionImage] = {}
        self._guard = Lock()
        self._locks: dict[RevisionLocation, Lock] = {}

    def read(self, location: RevisionLocation) -> RevisionImage:
        """What the revision deploys. Raises AwsError if it cannot be read."""
        with self._guard:
            lock = self._locks.setdefault(location, Lock())
        with lock:  # other threads wait for the result and do not fetch it again
            if location not in self._known:
                self._known[location] = self._fetch(location)
            return self._known[location]

    def remember(self, location: RevisionLocation, same_as: RevisionLocation) -> None:
        """Record that a location has the same content as another, so that it is not read again."""
        if same_as in self._known:
            self._known.setdefault(location, self._known[same_as])

    def _fetch(self, location: RevisionLocation) -> RevisionImage:
        try:
            return parse(self._content(location))
        except AwsError as error:
            if error.code in GONE:
                return RevisionImage(problem=f"{location} does not exist any more")
            raise
        except (KeyError, TypeError, *BROKEN) as error:
            return RevisionImage(problem=f"{location} is not a revision of this pipeline: {error}")

    def _content(self, location: RevisionLocation) -> bytes:
        answer = self._aws.s3.get_object(**location.object)  # type: ignore[arg-type]  # a TypedDict's keys
        with translating(), answer["Body"] as body:
            if answer["ContentLength"] > LARGEST:
                raise ValueError(f"it is too large: {answer['ContentLength']} bytes")
            return body.read()


def parse(revision: bytes) -> RevisionImage:
    """Read image.json from a revision's bytes.

    Raises one of BROKEN, KeyError or TypeError if it is invalid.
    """
    with zipfile.ZipFile(io.BytesIO(revision)) as archive:
        if archive.getinfo(NAME).file_size > LARGEST_NAME:
            raise ValueError(f"its {NAME} is too long")
        said = json.loads(archive.read(NAME))
    return RevisionImage(
        commit=str(said["commit"]),
        digest=str(said["digest"]),
        repository=str(said.get("repository", "")),
        built_at=datetime.fromisoformat(said["built_at"]) if said.get("built_at") else None,
    )


def locate(
    aws: Aws, commit: str, candidates: Iterable[RevisionLocation], images: RevisionImages
) -> RevisionLocation:
    """The first candidate that still exists unchanged, with its exact version.

    Raises SlipwayError if none does.
    """
    looked = []
    for candidate in candidates:
        if found := _pinned(aws, candidate):
            images.remember(found, same_as=candidate)
            return found
        looked.append(str(candidate))
    raise SlipwayError(
        f"the revision of {commit[:12]} does not exist any more",
        why=f"it was deleted or changed at {', '.join(looked)}" if looked else "no build stored one",
        then="choose another release with --to COMMIT; slipway releases lists them",
    )


def _pinned(aws: Aws, location: RevisionLocation) -> RevisionLocation | None:
    """The location with its version; None if the object is gone or was changed."""
    try:
        found = aws.s3.head_object(**location.object)  # type: ignore[arg-type]  # a TypedDict's keys
    except AwsError as error:
        if error.code in GONE:
            return None
        raise
    etag = found["ETag"].strip('"')
    if location.etag and location.etag.strip('"') != etag:
        return None
    version = found.get("VersionId", "")
    return replace(location, version="" if version == UNVERSIONED else version, etag=etag)
