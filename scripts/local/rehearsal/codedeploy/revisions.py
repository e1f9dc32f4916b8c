"""Finds revisions in S3: by commit, or at the location of a deployment."""

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import yaml

from local.rehearsal.codedeploy_agent.appspec import APPSPEC
from slipway.aws.clients import Aws
from slipway.aws.revisions import RevisionImages, RevisionLocation
from slipway.console.errors import SlipwayError


@dataclass(frozen=True)
class Revision:
    """A revision in S3. commit: of which it is; version: "" for the newest."""

    commit: str
    bucket: str
    key: str
    etag: str
    version: str = ""


def find(aws: Aws, bucket: str, prefix: str, commit: str) -> Revision:
    """The revision of a commit; raises AwsError if there is none."""
    key = f"{prefix}{commit}.zip"
    return Revision(commit, bucket, key, aws.s3.head_object(Bucket=bucket, Key=key)["ETag"])


def listed(aws: Aws, bucket: str, prefix: str, commit: str) -> str:
    """The digest of the image whose list of contents is stored beside a revision. Raises AwsError."""
    answer = aws.s3.get_object(Bucket=bucket, Key=f"{prefix}{commit}.sbom.json")
    image = json.loads(answer["Body"].read())["metadata"]["component"]
    return "".join(f"sha256:{hash_['content']}" for hash_ in image["hashes"])


def at(aws: Aws, location: RevisionLocation) -> Revision:
    """The revision at a location; its commit is that of its image.json. Raises SlipwayError."""
    image = RevisionImages(aws).read(location)
    if image.problem:
        raise SlipwayError(f"{location} is not a revision", why=image.problem)
    return Revision(image.commit, location.bucket, location.key, location.etag, location.version)


def with_time_limit(aws: Aws, revision: Revision, event: str, seconds: int) -> Revision:
    """Store a new version of a revision, whose appspec.yml limits each script of an event.

    seconds: the timeout of each script. The original stays in S3 as the version before.
    """
    original = aws.s3.get_object(Bucket=revision.bucket, Key=revision.key)["Body"].read()
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(original)) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == APPSPEC:
                appspec = yaml.safe_load(content)
                for script in appspec["hooks"][event]:
                    script["timeout"] = seconds
                content = yaml.safe_dump(appspec).encode()
            new.writestr(entry, content)
    body = changed.getvalue()
    etag = aws.s3.put_object(Bucket=revision.bucket, Key=revision.key, Body=body)["ETag"]
    return Revision(revision.commit, revision.bucket, revision.key, etag)


def download(aws: Aws, revision: Revision, target: Path) -> None:
    """Downloads the zip file of a revision."""
    where = {"Bucket": revision.bucket, "Key": revision.key}
    if revision.version:
        where["VersionId"] = revision.version
    target.write_bytes(aws.s3.get_object(**where)["Body"].read())  # type: ignore[arg-type]  # all are strings
