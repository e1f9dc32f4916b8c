"""The hosts that a load balancer sends requests to, and how it checks their health."""

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.lb_target_group import (
    LbTargetGroup,
    LbTargetGroupHealthCheck,
    LbTargetGroupStickiness,
)
from constructs import Construct


class TargetGroup(Construct):
    """EC2 instances that answer HTTP on a port.

    name: 1 to 32 letters, digits and hyphens. A change of port or network makes another group
        before the old one goes, so the name should name what can change.
    vpc_id: the network of the instances.
    port: where they listen.
    health_path: is asked every 5 seconds, no more often is possible, and has 4 seconds to answer 200:
        a release waits for the answer at each host. Twice right in a row is healthy, four times wrong
        is not (AWS: 30 seconds, 5 seconds, five times right, twice wrong;
        docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html).
    deregistration_delay_seconds: how long requests under way have to end when an instance leaves, in
        seconds. Default: 30 (AWS: 300). Each host of a release waits as long.

    >>> targets = TargetGroup(stack, "targets", name="my-app-8080", vpc_id="vpc-1", port=8080,
    ...     health_path="/readyz")
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        vpc_id: str,
        port: int,
        health_path: str,
        deregistration_delay_seconds: int = 30,
    ) -> None:
        super().__init__(scope, id)
        self.name = name
        self.resource = LbTargetGroup(
            self,
            "group",
            name=name,
            vpc_id=vpc_id,
            target_type="instance",
            protocol="HTTP",
            port=port,
            deregistration_delay=str(deregistration_delay_seconds),
            slow_start=0,
            health_check=LbTargetGroupHealthCheck(
                path=health_path,
                protocol="HTTP",
                port="traffic-port",
                matcher="200",
                interval=5,
                timeout=4,
                healthy_threshold=2,
                unhealthy_threshold=4,
            ),
            stickiness=LbTargetGroupStickiness(enabled=False, type="lb_cookie"),
            # A listener must never point to a group that is gone.
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        self.arn = self.resource.arn
        self.arn_suffix = self.resource.arn_suffix
