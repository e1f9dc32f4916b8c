"""What an account has that stacks take for granted: regions, OIDC providers, hosted zones, buckets."""

from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError

NO_BUCKET = {"404", "NoSuchBucket"}


def region_opt_in(aws: Aws, region: str) -> str:
    """EC2's word for whether the account uses a region: "not-opted-in", "opted-in", "opt-in-not-required"."""
    (found,) = aws.ec2.describe_regions(RegionNames=[region], AllRegions=True)["Regions"]
    return found.get("OptInStatus", "")


def oidc_providers(aws: Aws) -> list[str]:
    """The ARNs of the account's OIDC providers."""
    listed = aws.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    return [each.get("Arn", "") for each in listed]


def oidc_provider_tags(aws: Aws, arn: str) -> dict[str, str]:
    """The tags of an OIDC provider."""
    answer = aws.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    return {each["Key"]: each["Value"] for each in answer.get("Tags", [])}


def has_hosted_zone(aws: Aws, name: str) -> bool:
    """Whether there is a hosted zone of this name."""
    answer = aws.route53.list_hosted_zones_by_name(DNSName=name, MaxItems="1")
    return [each["Name"].rstrip(".") for each in answer["HostedZones"]] == [name.rstrip(".")]


def is_versioned(aws: Aws, bucket: str) -> bool | None:
    """Whether a bucket keeps versions; None if there is no such bucket."""
    try:
        return aws.s3.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled"
    except AwsError as error:
        if error.code in NO_BUCKET:
            return None
        raise
