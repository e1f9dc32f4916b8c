"""The state bucket, which ``slipway bootstrap`` makes without Terraform, as a stack that can be scanned."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from slipway.terraform.state.bucket import StateBucket

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

NAME = "state"


def stack(bucket: StateBucket, beside: Mapping[str, Any]) -> dict[str, Any]:
    """What S3 says that the bucket has, in the Terraform that would make the same.

    beside: a stack of the same account, whose provider it takes.
    """
    parts = {"bucket": {"bucket": bucket.name}}
    for part, attributes in _parts(bucket.s3, bucket.name).items():
        parts[f"bucket_{part}"] = {"bucket": f"${{aws_s3_bucket.{NAME}.id}}", **attributes}
    resources = {
        f"aws_s3_{part}": {NAME: {**attributes, "//": {"metadata": {"path": f"bootstrap/state/{part}"}}}}
        for part, attributes in parts.items()
    }
    return {**{each: beside[each] for each in ("provider", "terraform")}, "resource": resources}


def _parts(s3: "S3Client", name: str) -> dict[str, dict[str, Any]]:
    """By the ends of Terraform's types."""
    access = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    (owner,) = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"]
    (encryption,) = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    (old,) = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    algorithm = encryption["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
    return {
        "public_access_block": {
            "block_public_acls": access["BlockPublicAcls"],
            "block_public_policy": access["BlockPublicPolicy"],
            "ignore_public_acls": access["IgnorePublicAcls"],
            "restrict_public_buckets": access["RestrictPublicBuckets"],
        },
        "ownership_controls": {"rule": [{"object_ownership": owner["ObjectOwnership"]}]},
        "server_side_encryption_configuration": {
            "rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": algorithm}]}]
        },
        "versioning": {
            "versioning_configuration": [{"status": s3.get_bucket_versioning(Bucket=name)["Status"]}]
        },
        "lifecycle_configuration": {
            "rule": [
                {
                    "id": old["ID"],
                    "status": old["Status"],
                    "filter": [{"prefix": old["Filter"]["Prefix"]}],
                    "noncurrent_version_expiration": [
                        {"noncurrent_days": old["NoncurrentVersionExpiration"]["NoncurrentDays"]}
                    ],
                    "abort_incomplete_multipart_upload": [
                        {
                            "days_after_initiation": old["AbortIncompleteMultipartUpload"][
                                "DaysAfterInitiation"
                            ]
                        }
                    ],
                }
            ]
        },
        "policy": {"policy": s3.get_bucket_policy(Bucket=name)["Policy"]},
    }
