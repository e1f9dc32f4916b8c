"""Which images the registry still has, by digest, and what its scans found."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from slipway.aws.errors import code_of

if TYPE_CHECKING:
    from mypy_boto3_ecr.client import ECRClient
    from mypy_boto3_ecr.type_defs import ImageDetailTypeDef

PAGE = 1000  # as many as DescribeImages answers at once

Findings = Mapping[str, int]


def images(ecr: "ECRClient", repository: str) -> dict[str, Findings | None] | None:
    """Findings by severity for each digest, None where there is no scan; None if there is no repository.

    All at once: asked by digest, DescribeImages fails for all where one is gone.
    """
    pages = ecr.get_paginator("describe_images").paginate(
        repositoryName=repository, PaginationConfig={"PageSize": PAGE}
    )
    try:
        return {
            each["imageDigest"]: _findings(each)
            for page in pages
            for each in page["imageDetails"]
            if "imageDigest" in each
        }
    except ClientError as error:
        if code_of(error) == "RepositoryNotFoundException":
            return None
        raise


def _findings(image: "ImageDetailTypeDef") -> Findings | None:
    counts = image.get("imageScanFindingsSummary", {}).get("findingSeverityCounts")
    return None if counts is None else {str(severity): number for severity, number in counts.items()}
