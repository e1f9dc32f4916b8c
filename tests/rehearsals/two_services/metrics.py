"""The load balancer's metrics of 5xx responses, published as AWS does: from what haproxy has counted.

The load balancer's own responses are counted for it as a whole, those of targets also for each target group.
docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from local.rehearsal.machines.load_balancer import HaproxyBalancer
from slipway.aws.clients import Aws

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import DimensionTypeDef, MetricAlarmTypeDef, MetricDatumTypeDef

NAMESPACE = "AWS/ApplicationELB"
OWN, TARGET = "HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count"
PERIOD = 1.0  # seconds; a real load balancer publishes once a minute


@asynccontextmanager
async def published(aws: Aws, balancer: HaproxyBalancer) -> AsyncIterator[None]:
    """Publishes them while the block runs; its target groups have to be behind one load balancer."""
    publishing = asyncio.create_task(_publish(aws, balancer))
    try:
        yield
    finally:
        publishing.cancel()


def target_group_dimension(arn: str) -> str:
    """The value of the dimension TargetGroup for a target group."""
    return arn.rpartition(":")[2]


def target_groups_of(alarm: "MetricAlarmTypeDef") -> set[str]:
    """The target groups whose metrics an alarm watches; "" for a metric of the whole load balancer."""
    stats = [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", []) if "MetricStat" in query]
    return {
        {dimension["Name"]: dimension["Value"] for dimension in metric["Dimensions"]}.get("TargetGroup", "")
        for metric in stats
        if metric["Namespace"] == NAMESPACE
    }


async def _publish(aws: Aws, balancer: HaproxyBalancer) -> None:
    dimensions = await asyncio.to_thread(_dimensions, aws, list(balancer.targets))
    counted = _counts(balancer)
    while True:
        await asyncio.sleep(PERIOD)
        now = await asyncio.to_thread(_counts, balancer)
        data: list[MetricDatumTypeDef] = [
            {
                "MetricName": TARGET if group else OWN,
                "Dimensions": of,
                "Value": now[group] - counted[group],
                "Unit": "Count",
            }
            for group, sets in dimensions.items()
            for of in sets
            if now[group] > counted[group]
        ]
        if data:
            await asyncio.to_thread(aws.cloudwatch.put_metric_data, Namespace=NAMESPACE, MetricData=data)
        counted = now


def _counts(balancer: HaproxyBalancer) -> Mapping[str, int]:
    """The 5xx responses so far: the load balancer's own under "", those of targets by target group."""
    return {"": balancer.own_errors()} | {group: balancer.errors_of(group) for group in balancer.targets}


def _dimensions(aws: Aws, target_groups: list[str]) -> "Mapping[str, list[list[DimensionTypeDef]]]":
    """The sets of dimensions under which the counts are published: the ends of the resources' ARNs."""
    found: dict[str, list[list[DimensionTypeDef]]] = {}
    for group in aws.elbv2.describe_target_groups(Names=target_groups)["TargetGroups"]:
        (load_balancer,) = group["LoadBalancerArns"]
        whole: DimensionTypeDef = {
            "Name": "LoadBalancer",
            "Value": load_balancer.partition(":loadbalancer/")[2],
        }
        part: DimensionTypeDef = {
            "Name": "TargetGroup",
            "Value": target_group_dimension(group["TargetGroupArn"]),
        }
        assert found.get("", [[whole]]) == [[whole]], "the target groups are behind different load balancers"
        found[""] = [[whole]]
        found[group["TargetGroupName"]] = [[whole], [whole, part]]
    return found
