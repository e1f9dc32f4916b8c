"""Checks of buckets for access logs that exist already; without one that it can write to, AWS refuses."""

from collections.abc import Iterator

from slipway.aws.account import bucket_encryption, bucket_policy, bucket_region
from slipway.aws.clients import Aws
from slipway.checkout.project import Project
from slipway.doctor.check import Check, later, ok, todo

DELIVERY = "logdelivery.elasticloadbalancing.amazonaws.com"
PAGE = "docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html"
BY_S3 = "AES256"


def existing(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that buckets are there, in the region, encrypted by S3 itself, and allow the logs' delivery."""
    named = {environment.access_log_bucket for environment in found.settings.environments}
    for bucket in sorted(name for name in named if name):
        policy = bucket_policy(aws, bucket)
        if policy is None:
            yield todo(
                "load balancer",
                f"the bucket {bucket} for access logs does not exist or has no policy",
                then=f"create it with a policy that lets {DELIVERY} write",
            )
        elif problems := [*_problems(aws, bucket, found.names.region)]:
            yield from problems
        elif DELIVERY not in policy:
            yield later(
                "load balancer",
                f"the policy of {bucket} does not name {DELIVERY}",
                then="allow it s3:PutObject, or AWS refuses to create the load balancer",
            )
        else:
            yield ok("load balancer", f"access logs: {bucket}")


def _problems(aws: Aws, bucket: str, region: str) -> Iterator[Check]:
    there, encryption = bucket_region(aws, bucket), bucket_encryption(aws, bucket)
    if there != region:
        yield todo(
            "load balancer",
            f"the bucket {bucket} for access logs is in {there}, but must be in {region}",
            why=f"a load balancer writes only to buckets of its region ({PAGE})",
            then=f"name a bucket in {region}",
        )
    if encryption != BY_S3:
        yield todo(
            "load balancer",
            f"the bucket {bucket} for access logs is encrypted with {encryption}",
            why=f"a load balancer can write only to buckets that S3's own keys encrypt ({PAGE})",
            then="let S3's own keys encrypt it (SSE-S3), or name another bucket",
        )
