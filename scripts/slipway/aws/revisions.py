"""Revisions in S3: where they lie, which are stored, and what the image.json in each says that it ships.

CodePipeline names its artifacts after nothing: only the revision itself says what it ships.
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
LARGEST = 8 * 1024 * 1024  # bytes; a revision is some 20 KB of scripts
LARGEST_NAME = 64 * 1024  # bytes of image.json
GONE = {"404", "NoSuchBucket", "NoSuchKey", "NoSuchVersion"}
UNVERSIONED = "null"


@dataclass(frozen=True, kw_only=True)
class RevisionLocation:
    """Where a revision lies; version and etag as CodeDeploy keeps them, where it does."""

    bucket: str
    key: str
    version: str = ""
    etag: str = ""

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    @property
    def object(self) -> dict[str, str]:
        """The object, as S3's calls name it."""
        version = {"VersionId": self.version} if self.version else {}
        return {"Bucket": self.bucket, "Key": self.key, **version}


@dataclass(frozen=True)
class StoredRevision:
    """A revision that its build stored, and when it was built."""

    location: RevisionLocation
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RevisionImage:
    """What a revision ships; ``problem`` says why that is not known."""

    commit: str = ""
    digest: str = ""
    repository: str = ""
    built_at: datetime | None = None
    problem: str = ""


def location_of(revision: "RevisionLocationTypeDef") -> RevisionLocation | None:
    """Where CodeDeploy has a revision from; None if it is not from S3."""
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
    """Every stored revision, by its commit. Raises AwsError NoSuchBucket before there is a bucket."""
    pages = aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return {
        commit: StoredRevision(
            RevisionLocation(bucket=bucket, key=each["Key"], etag=each.get("ETag", "").strip('"')),
            each["LastModified"],
        )
        for page in pages
        for each in page.get("Contents", ())
        if (commit := commit_in(each["Key"], prefix))
    }


def commit_in(key: str, prefix: str) -> str:
    """The commit that a stored revision's key names; "" for any other key."""
    name = key.removeprefix(prefix)
    named = key.startswith(prefix) and name.endswith(SUFFIX) and "/" not in name
    return name.removesuffix(SUFFIX) if named else ""


class RevisionImages:
    """Reads image.json out of revisions, each once: what CodeDeploy deploys by version never changes."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._known: dict[RevisionLocation, RevisionImage] = {}
        self._guard = Lock()
        self._locks: dict[RevisionLocation, Lock] = {}

    def read(self, location: RevisionLocation) -> RevisionImage:
        """What the revision ships. Raises AwsError if it may not be read."""
        with self._guard:
            lock = self._locks.setdefault(location, Lock())
        with lock:  # whoever else asks for it meanwhile waits, and does not fetch it too
            if location not in self._known:
                self._known[location] = self._fetch(location)
            return self._known[location]

    def remember(self, location: RevisionLocation, same_as: RevisionLocation) -> None:
        """A place that was found to hold what another one did: it is not read again."""
        if same_as in self._known:
            self._known.setdefault(location, self._known[same_as])

    def _fetch(self, location: RevisionLocation) -> RevisionImage:
        try:
            return parse(self._content(location))
        except AwsError as error:
            if error.code in GONE:
                return RevisionImage(problem=f"{location} is gone")
            raise
        except (KeyError, TypeError, *BROKEN) as error:
            return RevisionImage(problem=f"{location} is not a revision of this pipeline: {error}")

    def _content(self, location: RevisionLocation) -> bytes:
        answer = self._aws.s3.get_object(**location.object)  # type: ignore[arg-type]  # a TypedDict's keys
        with translating(), answer["Body"] as body:
            if answer["ContentLength"] > LARGEST:
                raise ValueError(f"it has {answer['ContentLength']} bytes")
            return body.read()


def parse(revision: bytes) -> RevisionImage:
    """Image.json of a revision. Raises one of BROKEN, KeyError or TypeError if it is not as it should be."""
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
    """The first place that still holds what it held, in its exact version. images: told of that place."""
    looked = []
    for candidate in candidates:
        if found := _pinned(aws, candidate):
            images.remember(found, same_as=candidate)
            return found
        looked.append(str(candidate))
    raise SlipwayError(
        f"the revision of {commit[:12]} is gone",
        why=f"it is no more at {', '.join(looked)}" if looked else "no build stored one",
        then="slipway releases lists those that are there; --to COMMIT takes one of them",
    )


def _pinned(aws: Aws, location: RevisionLocation) -> RevisionLocation | None:
    """The place with its version, if the object is still the same there."""
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
