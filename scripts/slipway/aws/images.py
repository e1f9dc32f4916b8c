"""The images in the ECR repository, by digest, and what its scans found."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError

if TYPE_CHECKING:
    from mypy_boto3_ecr.type_defs import ImageDetailTypeDef

PAGE = 1000  # the most that DescribeImages returns at once
NO_IMAGE = {"ImageNotFoundException", "RepositoryNotFoundException"}

Findings = Mapping[str, int]


def images(aws: Aws, repository: str) -> dict[str, Findings | None] | None:
    """The scan's findings by severity for each digest (None if not scanned); None without a repository.

    All images are listed: DescribeImages by digests fails if one of them does not exist.
    """
    pages = aws.ecr.get_paginator("describe_images").paginate(
        repositoryName=repository, PaginationConfig={"PageSize": PAGE}
    )
    try:
        return {
            image_detail["imageDigest"]: _findings(image_detail)
            for page in pages
            for image_detail in page["imageDetails"]
            if "imageDigest" in image_detail
        }
    except AwsError as error:
        if error.code == "RepositoryNotFoundException":
            return None
        raise


def _findings(image: "ImageDetailTypeDef") -> Findings | None:
    counts = image.get("imageScanFindingsSummary", {}).get("findingSeverityCounts")
    return None if counts is None else {str(severity): number for severity, number in counts.items()}


def exists(aws: Aws, repository: str, digest: str) -> bool:
    """Whether the repository has an image with this digest."""
    try:
        aws.ecr.describe_images(repositoryName=repository, imageIds=[{"imageDigest": digest}])
    except AwsError as error:
        if error.code in NO_IMAGE:
            return False
        raise
    return True
