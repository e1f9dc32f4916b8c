"""Empties buckets and image repositories, which AWS deletes only when they are empty."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from slipway.aws.errors import AwsError
from slipway.console.errors import SlipwayError

if TYPE_CHECKING:
    from mypy_boto3_ecr.client import ECRClient
    from mypy_boto3_ecr.type_defs import ImageIdentifierTypeDef
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

OBJECTS = 1000  # the most that one DeleteObjects takes
IMAGES = 100  # the most that one BatchDeleteImage takes
STILL_NEEDED = "ImageReferencedByManifestList"


async def empty_bucket(s3: "S3Client", bucket: str) -> int:
    """Delete all versions and delete markers. Returns their number; 0 if the bucket does not exist."""
    removed = 0
    while batch := await asyncio.to_thread(versions, s3, bucket):
        removed += await asyncio.to_thread(_delete_versions, s3, bucket, batch)
    return removed


async def empty_repository(ecr: "ECRClient", repository: str) -> int:
    """Delete all images. Returns their number; 0 if the repository does not exist."""
    removed = 0
    while batch := await asyncio.to_thread(images, ecr, repository):
        removed += await asyncio.to_thread(_delete_images, ecr, repository, batch)
    return removed


def versions(s3: "S3Client", bucket: str) -> "list[ObjectIdentifierTypeDef]":
    """The first versions and delete markers, at most 1000; empty if the bucket does not exist."""
    try:
        page = s3.list_object_versions(Bucket=bucket, MaxKeys=OBJECTS)
    except AwsError as error:
        if error.code == "NoSuchBucket":
            return []
        raise
    found = (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
    batch: list[ObjectIdentifierTypeDef] = [
        {"Key": version["Key"], "VersionId": version["VersionId"]} for version in found
    ]
    return batch[:OBJECTS]


def images(ecr: "ECRClient", repository: str) -> "list[ImageIdentifierTypeDef]":
    """The first images, each once by its digest, at most 100; empty if the repository does not exist."""
    try:
        page = ecr.list_images(repositoryName=repository, maxResults=IMAGES)
    except AwsError as error:
        if error.code == "RepositoryNotFoundException":
            return []
        raise
    digests = sorted({image_id["imageDigest"] for image_id in page["imageIds"] if "imageDigest" in image_id})
    batch: list[ImageIdentifierTypeDef] = [{"imageDigest": digest} for digest in digests]
    return batch[:IMAGES]


def _delete_versions(s3: "S3Client", bucket: str, batch: "Sequence[ObjectIdentifierTypeDef]") -> int:
    """Delete a batch. Returns its size; raises SlipwayError if S3 does not delete all of it."""
    errors = s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True}).get("Errors", [])
    if errors:
        why = f"{errors[0].get('Key')}: {errors[0].get('Code')}: {errors[0].get('Message')}"
        raise _undeleted(f"{len(errors)} of {len(batch)} objects in {bucket}", why)
    return len(batch)


def _delete_images(ecr: "ECRClient", repository: str, batch: "Sequence[ImageIdentifierTypeDef]") -> int:
    """Delete a batch. Returns how many were deleted; images of an index remain until the index is deleted."""
    failures = ecr.batch_delete_image(repositoryName=repository, imageIds=batch).get("failures", [])
    final = [failure for failure in failures if failure.get("failureCode") != STILL_NEEDED]
    if final or len(failures) == len(batch):
        first = (final or failures)[0]
        why = f"{first.get('failureCode')}: {first.get('failureReason')}"
        raise _undeleted(f"{len(failures)} of {len(batch)} images in {repository}", why)
    return len(batch) - len(failures)


def _undeleted(what: str, why: str) -> SlipwayError:
    then = "remove what protects them, then run the command again"
    return SlipwayError(f"{what} could not be deleted", why=why, then=then)
