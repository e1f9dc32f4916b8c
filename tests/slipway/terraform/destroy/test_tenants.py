"""A load balancer is not destroyed while other services get requests through it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.emulator.team_network import create_networks
from slipway.aws.clients import Aws
from slipway.console.errors import SlipwayError
from slipway.terraform.destroy.destroy_plan import DestroyPlan, Resource
from slipway.terraform.destroy.tenants import require_no_tenants
from slipway.terraform.stacks.manifest import SynthesisedStack
from tests.settings import one_environment
from tests.slipway.status.world import world


@pytest.fixture
def aws() -> Iterator[Aws]:
    """An account with a load balancer, web-prod."""
    joined = one_environment(platform="web-prod", load_balancer={"host_names": ["a.example.com"]})
    with world() as made:
        create_networks(made.aws, [joined])
        yield made.aws


def forward_to(aws: Any, target: str) -> None:  # noqa: ANN401 - the clients
    """Add a rule to the load balancer's listener."""
    (balancer,) = aws.elbv2.describe_load_balancers(Names=["web-prod"])["LoadBalancers"]
    (listener,) = aws.elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    group = aws.elbv2.create_target_group(Name=target, Protocol="HTTP", Port=80, VpcId=balancer["VpcId"])
    aws.elbv2.create_rule(
        ListenerArn=listener["ListenerArn"],
        Priority=1,
        Conditions=[{"Field": "path-pattern", "Values": ["/*"]}],
        Actions=[{"Type": "forward", "TargetGroupArn": group["TargetGroups"][0]["TargetGroupArn"]}],
    )


def plan(aws: Any) -> DestroyPlan:  # noqa: ANN401 - the clients
    (balancer,) = aws.elbv2.describe_load_balancers(Names=["web-prod"])["LoadBalancers"]
    return DestroyPlan(
        SynthesisedStack("web-prod", Path(), ()),
        (
            Resource("aws_lb", "aws_lb.x", {"arn": balancer["LoadBalancerArn"], "name": "web-prod"}),
            Resource("aws_lb_target_group", "aws_lb_target_group.x", {"name": "web-prod-8080"}),
        ),
    )


def test_it_is_refused_while_another_service_has_a_rule(aws: Aws) -> None:
    forward_to(aws, "orders-prod-8080")
    with pytest.raises(SlipwayError) as refused:
        require_no_tenants(aws, [plan(aws)])
    assert (
        "other services or environments get requests through the load balancer web-prod" in refused.value.what
    )
    assert refused.value.why == "its listeners forward to the target groups orders-prod-8080"


def test_its_own_rules_do_not_count(aws: Aws) -> None:
    forward_to(aws, "web-prod-8080")
    require_no_tenants(aws, [plan(aws)])


def test_one_that_is_gone_already_stops_nothing(aws: Aws) -> None:
    planned = plan(aws)
    aws.elbv2.delete_load_balancer(LoadBalancerArn=planned.resources[0].text("arn"))
    require_no_tenants(aws, [planned])
