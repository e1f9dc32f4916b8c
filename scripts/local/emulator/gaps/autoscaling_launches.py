"""Launches instances as their launch template says, with failures like AWS's.

API_DescribeScalingActivities: moto does not have it. moto launches from a template with an image that does
not exist, no instance profile, default metadata options, and all hosts in one zone. AWS launches what the
template says, spread over the zones. If EC2 refuses, the activity fails with EC2's message, and there is no
instance (autoscaling/ec2/userguide, CHAP_Troubleshooting); Terraform, which does not wait, reports nothing.
Causes outside the template, such as a key for EBS that Auto Scaling's role may not use, are set at a path of
the emulator's own (local.emulator.launch_faults).
"""

from collections.abc import Callable
from typing import Any  # what AWS answers is JSON
from uuid import uuid4

from moto.autoscaling.models import (
    AutoScalingBackend,
    FakeAutoScalingGroup,
    InstanceState,
    autoscaling_backends,
)
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models.instances import Instance, MetadataOptions

from local.emulator.gaps.autoscaling_hooks import hold
from local.emulator.gaps.patching import add, hear, wrap
from local.emulator.launch_faults import PATH
from local.emulator.strict.region import EmulatedRegion
from local.emulator.strict.templates import architecture_of, not_in_zone, problems, resolved

PAGE = 100
Launch = Callable[[FakeAutoScalingGroup, int, dict[str, str]], None]


def fill() -> None:
    """Patches moto: launches follow the template and are recorded as scaling activities."""
    wrap(FakeAutoScalingGroup, "replace_autoscaling_group_instances", _as_the_template_says)
    InstanceState.launch_template = _that_made_it(InstanceState.launch_template)  # type: ignore[assignment,arg-type,method-assign]  # a property, which mypy takes for its value
    add(AutoScalingResponse, describe_scaling_activities)
    hear(PATH, take_fault)


def take_fault(account: str, said: dict[str, str]) -> str:
    """Makes every launch in a region fail with a message; "" lets launches succeed again."""
    vars(autoscaling_backends[account][said["region"]])["launch_fault"] = said["words"]
    return said["words"]


def describe_scaling_activities(self: AutoScalingResponse) -> ActionResult:
    """The successful and failed launches of a group, newest first, a page at a time."""
    name = self._get_param("AutoScalingGroupName")
    wanted = self._get_param("ActivityIds") or []
    found = [
        activity
        for activity in reversed(_activities(self.autoscaling_backend))
        if name in (None, activity["AutoScalingGroupName"])
        and (not wanted or activity["ActivityId"] in wanted)
    ]
    start, size = int(self._get_param("NextToken") or 0), self._get_int_param("MaxRecords") or PAGE
    more = {"NextToken": str(start + size)} if len(found) > start + size else {}
    return ActionResult({"Activities": found[start : start + size], **more})


def _activities(backend: AutoScalingBackend) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = vars(backend).setdefault("activities", [])
    return kept


def _as_the_template_says(original: Launch) -> Launch:
    def launch(self: FakeAutoScalingGroup, count: int, tags: dict[str, str]) -> None:
        if self.ec2_launch_template is None:
            original(self, count, tags)
            return
        for _ in range(count):
            _launch_one(self, tags)

    return launch


def _that_made_it(original: property) -> property:
    """The template's version from which an instance was launched; moto returns the default one of today."""
    read: Callable[[InstanceState], object] = original.fget  # type: ignore[assignment]  # it has one
    return property(lambda self: vars(self).get("made_by") or read(self))


def _launch_one(group: FakeAutoScalingGroup, tags: dict[str, str]) -> None:
    assert group.ec2_launch_template is not None
    data = group.ec2_launch_template.get_version(group.launch_template_version).data
    region = EmulatedRegion(group.account_id, group.region)
    zone, subnet = _where(group)
    fault = vars(group.autoscaling_backend).get("launch_fault", "")
    words = fault or next(problems(region, data), "") or not_in_zone(region, group.instance_type, zone)
    if words:
        _record(group, zone, "Failed", f"Launching a new EC2 instance.  Status Reason: {words}", words)
        return
    (instance,) = group.ec2_backend.run_instances(
        resolved(group.image_id),
        1,
        group.user_data,
        group.security_groups,
        instance_type=group.instance_type,
        tags={"instance": {**tags, "aws:autoscaling:groupName": group.name, **group.instance_tags}},
        placement=zone,
        launch_template={
            "LaunchTemplateId": group.ec2_launch_template.id,
            "Version": group.launch_template_version,
        },
        is_instance_type_default=False,
        subnet_id=subnet,
    ).instances
    _equip(region, instance, data)
    vars(instance)["autoscaling_group"] = group
    protected = group.new_instances_protected_from_scale_in
    state = InstanceState(instance, protected_from_scale_in=protected)
    vars(state)["made_by"] = {
        "LaunchTemplateId": group.ec2_launch_template.id,
        "LaunchTemplateName": group.ec2_launch_template.name,
        "Version": str(group.ec2_launch_template.get_version(group.launch_template_version).number),
    }
    group.instance_states.append(state)
    hold(group, state, _record(group, zone, "Successful", f"Launching a new EC2 instance: {instance.id}", ""))


def _where(group: FakeAutoScalingGroup) -> tuple[str, str | None]:
    """The zone with the fewest of the group's instances, and the group's subnet there."""
    ids = [word.strip() for word in (group.vpc_zone_identifier or "").split(",") if word.strip()]
    subnets = {
        subnet.availability_zone: subnet.id for subnet in group.ec2_backend.describe_subnets(subnet_ids=ids)
    }
    zones = sorted(subnets) if ids else sorted(group.availability_zones)
    used = [instance_state.availability_zone for instance_state in group.instance_states]
    zone = min(zones, key=used.count)
    return zone, subnets[zone] if ids else None


def _equip(region: EmulatedRegion, instance: Instance, data: dict[str, Any]) -> None:
    """Sets the attributes of an instance that moto does not take from a template."""
    instance.metadata_options = MetadataOptions(data.get("MetadataOptions"))
    instance.architecture = architecture_of(data["ImageId"]) or instance.architecture
    instance.monitoring_state = "enabled" if (data.get("Monitoring") or {}).get("Enabled") else "disabled"
    instance.ebs_optimized = bool(data.get("EbsOptimized"))
    profile = data.get("IamInstanceProfile") or {}
    if named := profile.get("Name") or profile.get("Arn"):
        found = region.iam.get_instance_profile(named.rpartition("/")[2])
        instance.iam_instance_profile = {"Arn": found.arn, "Id": found.id}


def _record(
    group: FakeAutoScalingGroup, zone: str, status: str, description: str, words: str
) -> dict[str, Any]:
    now = utcnow()
    made = {
        "ActivityId": str(uuid4()),
        "AutoScalingGroupName": group.name,
        "AutoScalingGroupARN": group.arn,
        "Description": description,
        "Cause": f"At {now:%Y-%m-%dT%H:%M:%SZ} an instance was started in response to a difference "
        "between desired and actual capacity.",
        "StartTime": now,
        "EndTime": now,
        "StatusCode": status,
        **({"StatusMessage": f"{words} Launching EC2 instance failed."} if words else {}),
        "Progress": 100,
        "Details": f'{{"Availability Zone":"{zone}"}}',
    }
    _activities(group.autoscaling_backend).append(made)
    return made
