"""Refuses to destroy a load balancer through which other services or environments get requests."""

from collections.abc import Sequence

from slipway.aws.clients import Aws
from slipway.aws.load_balancers import targets
from slipway.console.errors import SlipwayError
from slipway.terraform.destroy.destroy_plan import LOAD_BALANCER, DestroyPlan

TARGET_GROUP = "aws_lb_target_group"


def require_no_tenants(aws: Aws, plans: Sequence[DestroyPlan]) -> None:
    """Raise SlipwayError if a load balancer in the plans forwards to target groups that are not in them."""
    own = {name for plan in plans for name in plan.names(TARGET_GROUP, "name")}
    for plan in plans:
        for resource in plan.resources:
            if resource.type != LOAD_BALANCER:
                continue
            others = sorted(targets(aws, resource.text("arn")) - own)
            if others:
                raise SlipwayError(
                    "other services or environments get requests through the load balancer"
                    f" {resource.text('name')}; nothing was destroyed",
                    why=f"its listeners forward to the target groups {', '.join(others)}",
                    then="destroy these first, or move them to another load balancer",
                )
