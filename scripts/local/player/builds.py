"""Plays a build: an image that is none, and a revision that names it, each where a build puts them."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

from slipway.aws.clients import Aws

DOCKERFILE = "app/Dockerfile"
NEVER_STARTS = b'ENTRYPOINT ["false"]'
BROKEN = "broken"
"""The file in a revision that says so to whoever plays its hosts."""


def commit_of(pipeline: str, version: str) -> str:
    """What a build calls the commit of a source in S3: its own id, which here follows from the version."""
    return f"{pipeline}-build-{sha256(version.encode()).hexdigest()[:12]}"


def build(aws: Aws, pipeline: str, place: Mapping[str, str], version: str) -> str:
    """Plays the build of a version of the source; its commit. A build that was played before is not again."""
    commit, bucket = commit_of(pipeline, version), place["S3Bucket"]
    source = aws.s3.get_object(Bucket=bucket, Key=place["S3ObjectKey"], VersionId=version)["Body"].read()
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        broken = archive.read(DOCKERFILE).rstrip().endswith(NEVER_STARTS)
    manifest = {"schemaVersion": 2, "config": {"digest": f"sha256:{commit}"}, "layers": []}
    image = aws.ecr.put_image(
        repositoryName=pipeline,
        imageManifest=json.dumps(manifest),
        imageManifestMediaType="application/vnd.oci.image.manifest.v1+json",
        imageTag=commit,
    )["image"]
    names = aws.identity.account, aws.region
    said = {
        "repository": f"{names[0]}.dkr.ecr.{names[1]}.amazonaws.com/{pipeline}",
        "commit": commit,
        "digest": image["imageId"]["imageDigest"],
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as revision:
        revision.writestr("image.json", json.dumps(said))
        if broken:
            revision.writestr(BROKEN, "")
    aws.s3.put_object(Bucket=bucket, Key=f"revisions/{commit}.zip", Body=content.getvalue())
    return commit


def is_broken(aws: Aws, bucket: str, key: str) -> bool:
    """Whether a revision's image never starts."""
    content = aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    with zipfile.ZipFile(io.BytesIO(content)) as revision:
        return BROKEN in revision.namelist()
