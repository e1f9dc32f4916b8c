"""The hosts of environments as Auto Scaling has them, and as the load balancer sees them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError

if TYPE_CHECKING:
    from mypy_boto3_autoscaling.type_defs import LaunchTemplateSpecificationTypeDef as Template

ENDED = ("Successful", "Failed", "Cancelled")  # docs: autoscaling/ec2/APIReference/API_Activity.html
AT_ONCE = 100  # as many groups as DescribeAutoScalingGroups answers on one page


@dataclass(frozen=True)
class Instance:
    """An instance of an Auto Scaling group. stale: see ``is_stale``."""

    id: str
    zone: str
    lifecycle: str
    stale: bool = False


@dataclass(frozen=True)
class TargetHealth:
    """How the load balancer finds a target, and why."""

    state: str
    reason: str = ""


def instances(aws: Aws, groups: Sequence[str]) -> dict[str, tuple[Instance, ...]]:
    """The instances of each group, by its name; a group that is gone has none."""
    found: dict[str, tuple[Instance, ...]] = {}
    for start in range(0, len(groups), AT_ONCE):
        pages = aws.autoscaling.get_paginator("describe_auto_scaling_groups").paginate(
            AutoScalingGroupNames=list(groups[start : start + AT_ONCE]),
            PaginationConfig={"PageSize": AT_ONCE},
        )
        for page in pages:
            for group in page["AutoScalingGroups"]:
                found[group["AutoScalingGroupName"]] = tuple(
                    Instance(
                        *(each["InstanceId"], each["AvailabilityZone"], each["LifecycleState"]),
                        stale=is_stale(each.get("LaunchTemplate"), group.get("LaunchTemplate")),
                    )
                    for each in group["Instances"]
                )
    return found


def is_stale(started_from: "Template | None", of_group: "Template | None") -> bool:
    """Whether a host was started from another version of the launch template than its group's next one.

    What belongs to a host (its agents, disk, image, metadata options) arrives with new hosts alone, so a
    stale one lacks what was applied since. Only numbers are compared: our groups name one; $Latest says none.
    """
    own, newest = ((each or {}).get("Version", "") for each in (started_from, of_group))
    return own.isdigit() and newest.isdigit() and own != newest


@dataclass(frozen=True)
class FailedActivity:
    """The last thing that Auto Scaling tried in a group, and could not do. why: in AWS's words."""

    at: datetime
    why: str


def failed_activity(aws: Aws, group: str) -> FailedActivity | None:
    """What Auto Scaling last tried in a group, if that failed; None if it succeeded, or still goes on."""
    activities = aws.autoscaling.describe_scaling_activities(AutoScalingGroupName=group, MaxRecords=10)
    ended = (each for each in activities["Activities"] if each["StatusCode"] in ENDED)
    newest = next(ended, None)
    if newest is None or newest["StatusCode"] == "Successful":
        return None
    why = newest.get("StatusMessage") or newest.get("Cause", "")
    return FailedActivity(newest["StartTime"], " ".join(why.split()))


def launched(aws: Aws, group: str) -> int:
    """How many instances Auto Scaling has started in a group, as far back as it tells (six weeks)."""
    pages = aws.autoscaling.get_paginator("describe_scaling_activities").paginate(AutoScalingGroupName=group)
    return sum(
        each["StatusCode"] == "Successful" and each["Description"].startswith("Launching")
        for page in pages
        for each in page["Activities"]
    )


def terminate(aws: Aws, instance: str) -> None:
    """End an instance of a group; Auto Scaling starts another in its place."""
    aws.autoscaling.terminate_instance_in_auto_scaling_group(
        InstanceId=instance, ShouldDecrementDesiredCapacity=False
    )


def target_group_arns(aws: Aws, names: Iterable[str]) -> dict[str, str]:
    """ARNs by name. All are read and most left aside: asked by name, one that is gone fails all."""
    wanted = set(names)
    if not wanted:
        return {}
    pages = aws.elbv2.get_paginator("describe_target_groups").paginate(PaginationConfig={"PageSize": 400})
    return {
        each["TargetGroupName"]: each["TargetGroupArn"]
        for page in pages
        for each in page["TargetGroups"]
        if each["TargetGroupName"] in wanted
    }


def health(aws: Aws, target_group_arn: str) -> Mapping[str, TargetHealth]:
    """The health of a target group's targets, by instance; of one that has gone meanwhile, none."""
    try:
        answer = aws.elbv2.describe_target_health(TargetGroupArn=target_group_arn)
    except AwsError as error:
        if error.code == "TargetGroupNotFound":
            return {}
        raise
    return {
        each["Target"]["Id"]: TargetHealth(
            each["TargetHealth"]["State"], each["TargetHealth"].get("Description", "")
        )
        for each in answer["TargetHealthDescriptions"]
    }
