"""Reads hosts from Auto Scaling, EC2 and the load balancer, and requests their renewal."""

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError, RefusedError
from slipway.aws.requests import Request
from slipway.console.shell import command_line

if TYPE_CHECKING:
    from mypy_boto3_autoscaling.type_defs import ActivityTypeDef, InstanceRefreshTypeDef, InstanceTypeDef
    from mypy_boto3_ec2.type_defs import FilterTypeDef

ENDED = ("Successful", "Failed", "Cancelled")  # docs: autoscaling/ec2/APIReference/API_Activity.html
REFRESHING = (
    *("Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress"),
)  # docs: autoscaling/ec2/APIReference/API_InstanceRefresh.html
AGENT = re.compile(rb"codedeploy-agent-([0-9.]+-[0-9]+)\.(?:noarch|x86_64|aarch64)\.rpm")
AT_ONCE = 100  # the most that DescribeAutoScalingGroups returns on one page


@dataclass(frozen=True)
class Instance:
    """An instance of an Auto Scaling group. template: the launch template's version that started it."""

    id: str
    zone: str
    lifecycle: str
    template: str = ""


@dataclass(frozen=True)
class ScalingGroup:
    """An Auto Scaling group.

    template: the launch template's version that starts the next instance; template_id: the template's id.
    suspended: the names of its suspended processes.
    """

    name: str
    template: str = ""
    suspended: tuple[str, ...] = ()
    instances: tuple[Instance, ...] = ()
    template_id: str = ""

    @property
    def left_suspended(self) -> tuple[str, str]:
        """For processes that are suspended although no deployment runs: what is wrong, and what to do."""
        resume = command_line(
            *("aws", "autoscaling", "resume-processes", "--auto-scaling-group-name", self.name),
            *("--scaling-processes", *self.suspended),
        )
        return (
            f"no deployment runs, but Auto Scaling processes are suspended: {', '.join(self.suspended)}",
            resume,
        )

    def is_stale(self, instance: Instance) -> bool:
        """Whether the next instance starts from another version of the launch template than this one did.

        False if the group uses ``$Latest`` or ``$Default``, where this is not known.
        """
        return self.template.isdigit() and instance.template != self.template


@dataclass(frozen=True)
class TargetHealth:
    """A target's health as the load balancer reports it. reason: its description, "" if healthy."""

    state: str
    reason: str = ""


def scaling_groups(aws: Aws, groups: Sequence[str]) -> dict[str, ScalingGroup]:
    """The Auto Scaling groups by name; groups that do not exist are left out."""
    found: dict[str, ScalingGroup] = {}
    for start in range(0, len(groups), AT_ONCE):
        pages = aws.autoscaling.get_paginator("describe_auto_scaling_groups").paginate(
            AutoScalingGroupNames=list(groups[start : start + AT_ONCE]),
            PaginationConfig={"PageSize": AT_ONCE},
        )
        for page in pages:
            for group in page["AutoScalingGroups"]:
                name = group["AutoScalingGroupName"]
                found[name] = ScalingGroup(
                    name,
                    group.get("LaunchTemplate", {}).get("Version", ""),
                    tuple(
                        sorted(
                            suspended_process["ProcessName"]
                            for suspended_process in group.get("SuspendedProcesses", ())
                        )
                    ),
                    tuple(map(_instance, group["Instances"])),
                    group.get("LaunchTemplate", {}).get("LaunchTemplateId", ""),
                )
    return found


def _instance(instance: "InstanceTypeDef") -> Instance:
    return Instance(
        instance["InstanceId"],
        instance["AvailabilityZone"],
        instance["LifecycleState"],
        instance.get("LaunchTemplate", {}).get("Version", ""),
    )


@dataclass(frozen=True)
class FailedActivity:
    """The last scaling activity of a group, which failed.

    why: AWS's message. instance: the instance's id, "" if EC2 started none.
    """

    at: datetime
    why: str
    instance: str = ""


@dataclass(frozen=True)
class WaitingLaunch:
    """An instance that waits at a lifecycle hook before it comes into service."""

    instance: str
    since: datetime


@dataclass(frozen=True)
class ScalingActivities:
    """A group's activities. failed: the last that failed, None if a launch has succeeded since."""

    failed: FailedActivity | None
    waiting: tuple[WaitingLaunch, ...]


def scaling_activities(aws: Aws, group: str) -> ScalingActivities:
    """The newest scaling activities of a group: failures, and launches that wait at a lifecycle hook."""
    found = aws.autoscaling.describe_scaling_activities(AutoScalingGroupName=group, MaxRecords=20)
    activities = found["Activities"]
    ended = [activity for activity in activities if activity["StatusCode"] in ENDED]
    # A host whose launch failed may be terminated by a second activity, which succeeds.
    newest = [*ended[:1], *[activity for activity in ended if _launches(activity)][:1]]
    failed = next((activity for activity in newest if activity["StatusCode"] != "Successful"), None)
    return ScalingActivities(
        _failed(failed) if failed else None,
        tuple(
            WaitingLaunch(_instance_of(activity), activity["StartTime"])
            for activity in activities
            if activity["StatusCode"] == "MidLifecycleAction" and _launches(activity)
        ),
    )


def _failed(activity: "ActivityTypeDef") -> FailedActivity:
    why = activity.get("StatusMessage") or activity.get("Cause", "")
    return FailedActivity(activity["StartTime"], " ".join(why.split()), _instance_of(activity))


def _launches(activity: "ActivityTypeDef") -> bool:
    return activity.get("Description", "").startswith("Launching")


def _instance_of(activity: "ActivityTypeDef") -> str:
    """The instance's id, which AWS gives in the description only (API_Activity); "" if there is none."""
    found = re.search(r"\bi-[0-9a-f]{8,17}\b", activity.get("Description", ""))
    return found[0] if found else ""


def launched(aws: Aws, group: str) -> int:
    """How many instances Auto Scaling has started in a group in the last six weeks, which is AWS's record."""
    pages = aws.autoscaling.get_paginator("describe_scaling_activities").paginate(AutoScalingGroupName=group)
    return sum(
        activity["StatusCode"] == "Successful" and activity["Description"].startswith("Launching")
        for page in pages
        for activity in page["Activities"]
    )


def agents(aws: Aws, group: ScalingGroup) -> dict[str, str]:
    """The CodeDeploy agent's version by the version of the group's launch template that installs it.

    No AWS API tells which agent an EC2 instance runs; its user data names the package. Empty without the
    permission to read launch templates; template versions that are gone or name no agent are left out.
    """
    wanted = sorted({instance.template for instance in group.instances if instance.template})
    if not wanted or not group.template_id:
        return {}
    pages = aws.ec2.get_paginator("describe_launch_template_versions").paginate(
        LaunchTemplateId=group.template_id, Versions=wanted
    )
    try:
        found = {
            str(version["VersionNumber"]): _agent(version["LaunchTemplateData"].get("UserData", ""))
            for page in pages
            for version in page["LaunchTemplateVersions"]
        }
    except RefusedError:
        return {}
    return {version: agent for version, agent in found.items() if agent}


def _agent(user_data: str) -> str:
    try:
        script = base64.b64decode(user_data)
    except ValueError:
        return ""
    named = AGENT.search(script)
    return named[1].decode("ascii") if named else ""


@dataclass(frozen=True)
class Launch:
    """When EC2 started an instance, and from which AMI."""

    at: datetime
    image: str


def launches(aws: Aws, instances: Sequence[str]) -> dict[str, Launch]:
    """The launches by instance id; instances that EC2 no longer lists are left out."""
    if not instances:
        return {}
    wanted: list[FilterTypeDef] = [{"Name": "instance-id", "Values": list(instances)}]
    pages = aws.ec2.get_paginator("describe_instances").paginate(Filters=wanted)
    return {
        instance["InstanceId"]: Launch(instance["LaunchTime"], instance["ImageId"])
        for page in pages
        for reservation in page["Reservations"]
        for instance in reservation["Instances"]
    }


@dataclass(frozen=True)
class InstanceRefresh:
    """An instance refresh of a group. percent: 0 to 100. why: AWS's reason for its status, "" if none."""

    id: str
    status: str
    percent: int
    why: str

    @property
    def has_ended(self) -> bool:
        """Whether it has ended, successfully or not."""
        return self.status not in REFRESHING


def refresh(aws: Aws, group: str, id_: str) -> InstanceRefresh:
    """The current state of an instance refresh."""
    (found,) = aws.autoscaling.describe_instance_refreshes(
        AutoScalingGroupName=group, InstanceRefreshIds=[id_]
    )["InstanceRefreshes"]
    return _refresh(found)


def refresh_under_way(aws: Aws, group: str) -> InstanceRefresh | None:
    """The group's instance refresh in progress; None if there is none."""
    found = aws.autoscaling.describe_instance_refreshes(AutoScalingGroupName=group)["InstanceRefreshes"]
    return next((candidate for candidate in map(_refresh, found) if not candidate.has_ended), None)


def _refresh(found: "InstanceRefreshTypeDef") -> InstanceRefresh:
    return InstanceRefresh(
        found["InstanceRefreshId"],
        found["Status"],
        found.get("PercentageComplete", 0),
        " ".join(found.get("StatusReason", "").split()),
    )


def start_refresh(group: str) -> Request:
    """The request to replace every host of a group, according to its instance maintenance policy.

    SkipMatching is off: if the image comes from Parameter Store, a host with an older image would match.
    """
    return Request(
        service="autoscaling",
        operation="StartInstanceRefresh",
        parameters={"AutoScalingGroupName": group, "Preferences": {"SkipMatching": False}},
    )


def set_unhealthy(instance: str) -> Request:
    """The request to set a host unhealthy, so that Auto Scaling replaces it."""
    return Request(
        service="autoscaling",
        operation="SetInstanceHealth",
        parameters={
            "InstanceId": instance,
            "HealthStatus": "Unhealthy",
            "ShouldRespectGracePeriod": False,
        },
    )


def terminate(aws: Aws, instance: str) -> None:
    """Terminate an instance of a group; Auto Scaling starts another in its place."""
    aws.autoscaling.terminate_instance_in_auto_scaling_group(
        InstanceId=instance, ShouldDecrementDesiredCapacity=False
    )


def target_group_arns(aws: Aws, names: Iterable[str]) -> dict[str, str]:
    """ARNs of target groups by name.

    All are listed: a request by names fails if one of them does not exist.
    """
    wanted = set(names)
    if not wanted:
        return {}
    pages = aws.elbv2.get_paginator("describe_target_groups").paginate(PaginationConfig={"PageSize": 400})
    return {
        target_group["TargetGroupName"]: target_group["TargetGroupArn"]
        for page in pages
        for target_group in page["TargetGroups"]
        if target_group["TargetGroupName"] in wanted
    }


def health(aws: Aws, target_group_arn: str) -> Mapping[str, TargetHealth]:
    """The health of a target group's targets by instance id; empty if the target group does not exist."""
    try:
        answer = aws.elbv2.describe_target_health(TargetGroupArn=target_group_arn)
    except AwsError as error:
        if error.code == "TargetGroupNotFound":
            return {}
        raise
    return {
        description["Target"]["Id"]: TargetHealth(
            description["TargetHealth"]["State"], description["TargetHealth"].get("Description", "")
        )
        for description in answer["TargetHealthDescriptions"]
    }
