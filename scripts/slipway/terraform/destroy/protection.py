"""Turns off the deletion protection and access logs of load balancers that are destroyed."""

from collections.abc import Sequence

from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError
from slipway.terraform.destroy.destroy_plan import LOAD_BALANCER, DestroyPlan

LIFTED = {"deletion_protection.enabled": "false", "access_logs.s3.enabled": "false"}


def lift(aws: Aws, plans: Sequence[DestroyPlan]) -> list[str]:
    """Turn both off for every load balancer in the plans. Returns the names of those that were protected."""
    balancers = [resource for plan in plans for resource in plan.resources if resource.type == LOAD_BALANCER]
    for balancer in balancers:
        _quiet(aws, balancer.text("arn"))
    protected = (resource for resource in balancers if resource.values.get("enable_deletion_protection"))
    return [resource.text("name") for resource in protected]


def _quiet(aws: Aws, arn: str) -> None:
    try:
        aws.elbv2.modify_load_balancer_attributes(
            LoadBalancerArn=arn,
            Attributes=[{"Key": key, "Value": value} for key, value in LIFTED.items()],
        )
    except AwsError as error:
        if error.code not in ("LoadBalancerNotFound", "LoadBalancerNotFoundException"):
            raise
