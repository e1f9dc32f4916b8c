"""What the stacks need that the account already has: regions, OIDC providers, hosted zones, buckets."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import FilterTypeDef

NO_BUCKET = {"404", "NoSuchBucket"}


def region_opt_in(aws: Aws, region: str) -> str:
    """EC2's opt-in status of a region: "not-opted-in", "opted-in" or "opt-in-not-required"."""
    (found,) = aws.ec2.describe_regions(RegionNames=[region], AllRegions=True)["Regions"]
    return found.get("OptInStatus", "")


def zones(aws: Aws) -> list[str]:
    """The names of the region's availability zones that the account can use, sorted."""
    filters: list[FilterTypeDef] = [
        {"Name": "zone-type", "Values": ["availability-zone"]},
        {"Name": "state", "Values": ["available"]},
    ]
    found = aws.ec2.describe_availability_zones(Filters=filters)["AvailabilityZones"]
    return sorted(zone.get("ZoneName", "") for zone in found)


def zones_that_offer(aws: Aws, instance_types: Sequence[str]) -> dict[str, list[str]]:
    """Availability zones by the instance type that they offer; a type that no zone offers is left out."""
    pages = aws.ec2.get_paginator("describe_instance_type_offerings").paginate(
        LocationType="availability-zone",
        Filters=[{"Name": "instance-type", "Values": list(instance_types)}],
    )
    found: dict[str, list[str]] = {}
    for page in pages:
        for instance_type_offering in page["InstanceTypeOfferings"]:
            found.setdefault(instance_type_offering.get("InstanceType", ""), []).append(
                instance_type_offering.get("Location", "")
            )
    return {name: sorted(zones) for name, zones in found.items()}


def has_service(aws: Aws, region: str, service: str) -> bool:
    """Whether AWS's public parameters list a service for a region. service: its name in lower case.

    docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-global-infrastructure.html
    """
    name = f"/aws/service/global-infrastructure/regions/{region}/services/{service}"
    try:
        aws.ssm.get_parameter(Name=name)
    except AwsError as error:
        if error.code == "ParameterNotFound":
            return False
        raise
    return True


def oidc_providers(aws: Aws) -> list[str]:
    """The ARNs of the account's OIDC providers in IAM."""
    listed = aws.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    return [provider.get("Arn", "") for provider in listed]


def oidc_provider_tags(aws: Aws, arn: str) -> dict[str, str]:
    """The tags of an OIDC provider, by key."""
    answer = aws.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    return {tag["Key"]: tag["Value"] for tag in answer.get("Tags", [])}


def hosted_zones(aws: Aws, name: str) -> list[bool]:
    """Whether it is public, for each hosted zone of the account with this name (without a final dot)."""
    answer = aws.route53.list_hosted_zones_by_name(DNSName=name)  # sorted: those with the name are first
    same = (zone for zone in answer["HostedZones"] if zone["Name"].rstrip(".") == name.rstrip("."))
    return [not zone.get("Config", {}).get("PrivateZone", False) for zone in same]


@dataclass(frozen=True)
class FoundRepository:
    """An ECR repository. moves_latest: whether the tag latest can be overwritten. scans: on every push."""

    moves_latest: bool
    scans: bool


def repository(aws: Aws, name: str) -> FoundRepository | None:
    """The repository with a name; None if it does not exist."""
    try:
        (found,) = aws.ecr.describe_repositories(repositoryNames=[name])["repositories"]
    except AwsError as error:
        if error.code == "RepositoryNotFoundException":
            return None
        raise
    filters = [entry.get("filter", "") for entry in found.get("imageTagMutabilityExclusionFilters", [])]
    excluded = any(fnmatchcase("latest", pattern) for pattern in filters)
    mutable = found.get("imageTagMutability", "MUTABLE").startswith("MUTABLE")
    scans = found.get("imageScanningConfiguration", {}).get("scanOnPush", False)
    return FoundRepository(mutable is not excluded, scans)


def bucket_policy(aws: Aws, bucket: str) -> str | None:
    """The policy of a bucket; None if it has none, or does not exist."""
    try:
        return aws.s3.get_bucket_policy(Bucket=bucket)["Policy"]
    except AwsError as error:
        if error.code in {*NO_BUCKET, "NoSuchBucketPolicy"}:
            return None
        raise


def bucket_region(aws: Aws, bucket: str) -> str:
    """The region of a bucket that exists."""
    found = aws.s3.get_bucket_location(Bucket=bucket).get("LocationConstraint")
    return {None: "us-east-1", "EU": "eu-west-1"}.get(found, str(found))  # AWS's names for the oldest regions


def bucket_encryption(aws: Aws, bucket: str) -> str:
    """How a bucket encrypts new objects: ``AES256`` with S3's own keys, ``aws:kms``, ``aws:kms:dsse``."""
    try:
        answer = aws.s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    except AwsError as error:
        if error.code == "ServerSideEncryptionConfigurationNotFoundError":
            return "AES256"  # what S3 does since 2023 unless it is told otherwise
        raise
    rules = (rule.get("ApplyServerSideEncryptionByDefault", {}) for rule in answer["Rules"])
    return next((rule["SSEAlgorithm"] for rule in rules if "SSEAlgorithm" in rule), "AES256")


def is_versioned(aws: Aws, bucket: str) -> bool | None:
    """Whether versioning is enabled on a bucket; None if the bucket does not exist."""
    try:
        return aws.s3.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled"
    except AwsError as error:
        if error.code in NO_BUCKET:
            return None
        raise
