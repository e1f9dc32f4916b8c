"""The hosts of environments as Auto Scaling has them, and as the load balancer sees them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from slipway.aws.errors import code_of

if TYPE_CHECKING:
    from mypy_boto3_autoscaling.client import AutoScalingClient
    from mypy_boto3_elbv2.client import ElasticLoadBalancingv2Client

AT_ONCE = 100  # as many groups as DescribeAutoScalingGroups answers on one page


@dataclass(frozen=True)
class Instance:
    """An instance of an Auto Scaling group."""

    id: str
    zone: str
    lifecycle: str


@dataclass(frozen=True)
class Health:
    """How the load balancer finds a target, and why."""

    state: str
    reason: str = ""


def instances(autoscaling: "AutoScalingClient", groups: Sequence[str]) -> dict[str, tuple[Instance, ...]]:
    """The instances of each group, by its name; a group that is gone has none."""
    found: dict[str, tuple[Instance, ...]] = {}
    for start in range(0, len(groups), AT_ONCE):
        pages = autoscaling.get_paginator("describe_auto_scaling_groups").paginate(
            AutoScalingGroupNames=list(groups[start : start + AT_ONCE]),
            PaginationConfig={"PageSize": AT_ONCE},
        )
        for page in pages:
            for group in page["AutoScalingGroups"]:
                found[group["AutoScalingGroupName"]] = tuple(
                    Instance(each["InstanceId"], each["AvailabilityZone"], each["LifecycleState"])
                    for each in group["Instances"]
                )
    return found


def target_group_arns(elbv2: "ElasticLoadBalancingv2Client", names: Iterable[str]) -> dict[str, str]:
    """ARNs by name. All are read and most left aside: asked by name, one that is gone fails all."""
    wanted = set(names)
    if not wanted:
        return {}
    pages = elbv2.get_paginator("describe_target_groups").paginate(PaginationConfig={"PageSize": 400})
    return {
        each["TargetGroupName"]: each["TargetGroupArn"]
        for page in pages
        for each in page["TargetGroups"]
        if each["TargetGroupName"] in wanted
    }


def health(elbv2: "ElasticLoadBalancingv2Client", arn: str) -> Mapping[str, Health]:
    """The health of a target group's targets, by instance; of one that has gone meanwhile, none."""
    try:
        answer = elbv2.describe_target_health(TargetGroupArn=arn)
    except ClientError as error:
        if code_of(error) == "TargetGroupNotFound":
            return {}
        raise
    return {
        each["Target"]["Id"]: Health(
            each["TargetHealth"]["State"], each["TargetHealth"].get("Description", "")
        )
        for each in answer["TargetHealthDescriptions"]
    }
