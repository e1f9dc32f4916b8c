"""Whether a release can still be deployed: its revision is where it was, its image in the registry."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from slipway.aws.errors import code_of
from slipway.aws.revisions import GONE, Image, Images, Location
from slipway.console.errors import SlipwayError

if TYPE_CHECKING:
    from mypy_boto3_ecr.client import ECRClient
    from mypy_boto3_s3.client import S3Client

NO_IMAGE = {"ImageNotFoundException", "RepositoryNotFoundException"}
UNVERSIONED = "null"


def locate(s3: "S3Client", commit: str, candidates: Iterable[Location]) -> Location:
    """The first place that still holds what it held, in its exact version."""
    looked = []
    for each in candidates:
        if found := _pinned(s3, each):
            return found
        looked.append(str(each))
    raise SlipwayError(
        f"the revision of {commit[:12]} is gone",
        why=f"it is no more at {', '.join(looked)}" if looked else "no build kept one",
        then="slipway releases lists those that are there; --to COMMIT takes one of them",
    )


def require_image(
    ecr: "ECRClient", repository: str, commit: str, images: Images, location: Location
) -> Image:
    """What the revision ships. Raises SlipwayError if the registry has it no more."""
    image = images.read(location)
    if image.problem:
        raise SlipwayError(f"what the revision of {commit[:12]} ships is not known", why=image.problem)
    if not _is_there(ecr, repository, image.digest):
        raise SlipwayError(
            f"the image of {commit[:12]} is gone from {repository}",
            why=f"{image.digest} was deleted, or expired: registry.keep_images says how many are kept",
            then="slipway releases lists those that are there; or build the commit again: push it",
        )
    return image


def _pinned(s3: "S3Client", location: Location) -> Location | None:
    """The place with its version, if the object is still the same there."""
    try:
        found = (
            s3.head_object(Bucket=location.bucket, Key=location.key, VersionId=location.version)
            if location.version
            else s3.head_object(Bucket=location.bucket, Key=location.key)
        )
    except ClientError as error:
        if code_of(error) in GONE:
            return None
        raise
    etag = found["ETag"].strip('"')
    if location.etag and location.etag.strip('"') != etag:
        return None
    version = found.get("VersionId", "")
    return replace(location, version="" if version == UNVERSIONED else version, etag=etag)


def _is_there(ecr: "ECRClient", repository: str, digest: str) -> bool:
    try:
        ecr.describe_images(repositoryName=repository, imageIds=[{"imageDigest": digest}])
    except ClientError as error:
        if code_of(error) in NO_IMAGE:
            return False
        raise
    return True
