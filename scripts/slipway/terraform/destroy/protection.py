"""Lifts what keeps load balancers from being deleted, and stops them from filling their log buckets."""

from collections.abc import Sequence

from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError
from slipway.terraform.destroy.destroy_plan import LOAD_BALANCER, DestroyPlan

LIFTED = {"deletion_protection.enabled": "false", "access_logs.s3.enabled": "false"}


def lift(aws: Aws, plans: Sequence[DestroyPlan]) -> list[str]:
    """Lift it from every load balancer that would go; the names of those that had it."""
    balancers = [resource for plan in plans for resource in plan.resources if resource.type == LOAD_BALANCER]
    for balancer in balancers:
        _quiet(aws, balancer.text("arn"))
    return [each.text("name") for each in balancers if each.values.get("enable_deletion_protection")]


def _quiet(aws: Aws, arn: str) -> None:
    try:
        aws.elbv2.modify_load_balancer_attributes(
            LoadBalancerArn=arn,
            Attributes=[{"Key": key, "Value": value} for key, value in LIFTED.items()],
        )
    except AwsError as error:
        if error.code not in ("LoadBalancerNotFound", "LoadBalancerNotFoundException"):
            raise
