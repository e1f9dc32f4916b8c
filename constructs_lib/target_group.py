"""The target group of a load balancer: its hosts, and how their health is checked."""

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.lb_target_group import (
    LbTargetGroup,
    LbTargetGroupHealthCheck,
    LbTargetGroupStickiness,
)
from constructs import Construct


class TargetGroup(Construct):
    """EC2 instances that answer HTTP on a port.

    name: 1 to 32 letters, digits and hyphens. A changed port or network creates a new group before the
        old one is deleted, so the name should contain the port.
    vpc_id: the VPC of the instances.
    port: the TCP port that the instances listen on.
    health_path: the path that is requested every 5 seconds (AWS's minimum, because a release waits for
        it on every host) and must answer with status 200 within 4 seconds. An instance is healthy after
        2 successes in a row and unhealthy after 4 failures (AWS's defaults: every 30 seconds, 5 seconds,
        5 successes, 2 failures;
        docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html).
    deregistration_delay_seconds: how long open requests may take to finish when an instance is
        deregistered, in seconds; a release waits that long on every host. Default: 30 (AWS: 300).

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
            # A listener must never point to a deleted group.
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        self.arn = self.resource.arn
        self.arn_suffix = self.resource.arn_suffix
