"""A revision in S3, and what its image.json says: which commit it is, and which image it starts.

CodePipeline names its artifacts after nothing: only the revision itself says what it ships.
"""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from slipway.aws.archives import BROKEN
from slipway.aws.errors import code_of

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.type_defs import RevisionLocationTypeDef
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

NAME = "image.json"
LARGEST = 8 * 1024 * 1024  # bytes; a revision is some 20 KB of scripts
LARGEST_NAME = 64 * 1024  # bytes of image.json
GONE = {"404", "NoSuchBucket", "NoSuchKey", "NoSuchVersion"}


@dataclass(frozen=True, kw_only=True)
class Location:
    """Where a revision lies; version and etag as CodeDeploy keeps them, where it does."""

    bucket: str
    key: str
    version: str = ""
    etag: str = ""

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


@dataclass(frozen=True, kw_only=True)
class Image:
    """What a revision ships; ``problem`` says why that is not known."""

    commit: str = ""
    digest: str = ""
    repository: str = ""
    built_at: datetime | None = None
    problem: str = ""


def location_of(revision: "RevisionLocationTypeDef") -> Location | None:
    """Where CodeDeploy has a revision from; None if it is not from S3."""
    s3 = revision.get("s3Location")
    if not s3:
        return None
    return Location(
        bucket=s3.get("bucket", ""),
        key=s3.get("key", ""),
        version=s3.get("version", ""),
        etag=s3.get("eTag", ""),
    )


class Images:
    """Reads image.json out of revisions, each once: what CodeDeploy deploys by version never changes."""

    def __init__(self, s3: "S3Client") -> None:
        self._s3 = s3
        self._known: dict[Location, Image] = {}
        self._guard = Lock()
        self._locks: dict[Location, Lock] = {}

    def read(self, location: Location) -> Image:
        """What the revision ships. Raises ClientError if it may not be read."""
        with self._guard:
            lock = self._locks.setdefault(location, Lock())
        with lock:  # whoever else asks for it meanwhile waits, and does not fetch it too
            if location not in self._known:
                self._known[location] = self._fetch(location)
            return self._known[location]

    def _fetch(self, location: Location) -> Image:
        try:
            return parse(self._content(location))
        except ClientError as error:
            if code_of(error) in GONE:
                return Image(problem=f"{location} is gone")
            raise
        except (KeyError, TypeError, *BROKEN) as error:
            return Image(problem=f"{location} is no revision of this pipeline: {error}")

    def _content(self, location: Location) -> bytes:
        answer = self._get(location)
        with answer["Body"] as body:
            if answer["ContentLength"] > LARGEST:
                raise ValueError(f"it has {answer['ContentLength']} bytes")
            return body.read()

    def _get(self, location: Location) -> "GetObjectOutputTypeDef":
        if location.version:
            return self._s3.get_object(Bucket=location.bucket, Key=location.key, VersionId=location.version)
        return self._s3.get_object(Bucket=location.bucket, Key=location.key)


def parse(revision: bytes) -> Image:
    """Image.json of a revision. Raises one of BROKEN, KeyError or TypeError if it is not as it should be."""
    with zipfile.ZipFile(io.BytesIO(revision)) as archive:
        if archive.getinfo(NAME).file_size > LARGEST_NAME:
            raise ValueError(f"its {NAME} is too long")
        said = json.loads(archive.read(NAME))
    return Image(
        commit=str(said["commit"]),
        digest=str(said["digest"]),
        repository=str(said.get("repository", "")),
        built_at=datetime.fromisoformat(said["built_at"]) if said.get("built_at") else None,
    )
