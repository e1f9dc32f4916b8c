"""Replacement of hosts, launching the new one before terminating the old one.

API_StartInstanceRefresh, API_DescribeInstanceRefreshes, API_CancelInstanceRefresh: moto has none of them.
API_SetInstanceHealth: AWS replaces an Unhealthy instance; moto only records it. The group's instance
maintenance policy, which moto drops, says how (autoscaling/ec2/userguide/
instance-maintenance-policy-overview-and-considerations.html): with a minimum of 100 % the old instance is
terminated after the new one is in service, which requires a successful deployment to it if CodeDeploy has
deployed to the group before. While Terminate is suspended, no instance is replaced or terminated; surplus
ones are terminated after it is resumed, the oldest first
(autoscaling/ec2/userguide/as-suspend-resume-processes.html). moto terminates at once.

The emulated group has no clock: it advances when its groups or instances are described.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any  # what AWS answers is JSON
from uuid import uuid4

from moto.autoscaling.exceptions import AutoscalingClientError
from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState
from moto.autoscaling.responses import AutoScalingResponse
from moto.codedeploy.models import codedeploy_backends
from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from local.emulator.gaps.autoscaling_hooks import PENDING, let_time_pass, waits_of
from local.emulator.gaps.codedeploy_details import SUCCEEDED, details_of
from local.emulator.gaps.patching import add, wrap

IN_SERVICE, UNHEALTHY = "InService", "Unhealthy"
IN_PROGRESS, DONE, CANCELLED = "InProgress", "Successful", "Cancelled"

Answer = Callable[[AutoScalingResponse], ActionResult]
Desire = Callable[[FakeAutoScalingGroup, int | None], None]


@dataclass
class KeptRefresh:
    """An instance refresh. old: the ids of the instances still to be replaced."""

    group: str
    old: list[str]
    preferences: dict[str, Any]
    total: int
    id: str = field(default_factory=lambda: str(uuid4()))
    status: str = IN_PROGRESS
    started: datetime = field(default_factory=utcnow)
    ended: datetime | None = None

    def described(self) -> dict[str, Any]:
        """An instance refresh as DescribeInstanceRefreshes returns it (API_InstanceRefresh)."""
        answer = {
            "InstanceRefreshId": self.id,
            "AutoScalingGroupName": self.group,
            "Status": self.status,
            "StartTime": self.started,
            "EndTime": self.ended,
            "PercentageComplete": 100 * (self.total - len(self.old)) // (self.total or 1),
            "InstancesToUpdate": len(self.old),
            "Preferences": self.preferences,
        }
        return {key: value for key, value in answer.items() if value is not None}


def fill() -> None:
    """Patches moto: instance refreshes, and groups that replace instances."""
    wrap(AutoScalingResponse, "create_auto_scaling_group", _with_policies)
    wrap(AutoScalingResponse, "update_auto_scaling_group", _with_policies)
    for kind in ("groups", "instances"):
        wrap(AutoScalingResponse, f"describe_auto_scaling_{kind}", _moving_on)
    wrap(FakeAutoScalingGroup, "set_desired_capacity", _in_its_own_time)
    add(
        AutoScalingResponse,
        start_instance_refresh,
        describe_instance_refreshes,
        cancel_instance_refresh,
    )


def _with_policies(original: Answer) -> Answer:
    def answer(self: AutoScalingResponse) -> ActionResult:
        answered = original(self)
        group = self.autoscaling_backend.autoscaling_groups[self._get_param("AutoScalingGroupName")]
        if policy := self._get_param("InstanceMaintenancePolicy"):
            vars(group)["instance_maintenance_policy"] = {key: int(value) for key, value in policy.items()}
        if (lifetime := self._get_int_param("MaxInstanceLifetime")) is not None:
            vars(group)["max_instance_lifetime"] = lifetime or None
        return answered

    return answer


def _in_its_own_time(original: Desire) -> Desire:
    def set_desired_capacity(self: FakeAutoScalingGroup, new_capacity: int | None) -> None:
        before = {instance_state.instance.id for instance_state in self.instance_states}
        if new_capacity is not None and new_capacity < len(before) and _suspended(self, "Terminate"):
            self.desired_capacity = new_capacity
            return
        original(self, new_capacity)
        _await_release(self, before)

    return set_desired_capacity


def _await_release(group: FakeAutoScalingGroup, before: set[str]) -> None:
    """Keeps new instances pending until they have what CodeDeploy deployed to the group."""
    for instance_state in group.instance_states:
        if instance_state.instance.id not in before and not _has_a_release(group, instance_state.instance.id):
            instance_state.lifecycle_state = PENDING


def start_instance_refresh(self: AutoScalingResponse) -> ActionResult:
    """Begins to replace all instances; with SkipMatching, those of another version of the template."""
    group = _group(self)
    if any(refresh.status == IN_PROGRESS for refresh in _refreshes(group)):
        words = "An Instance Refresh is already in progress and blocks the execution of this one."
        raise AutoscalingClientError("InstanceRefreshInProgress", words)
    preferences = self._get_param("Preferences") or {}
    skips = str(preferences.get("SkipMatching", "false")).lower() == "true"
    old = [
        instance_state.instance.id
        for instance_state in group.instance_states
        if not (skips and _template(instance_state) == group.launch_template_version)
    ]
    begun = KeptRefresh(group.name, old, preferences, len(old))
    _refreshes(group).append(begun)
    return ActionResult({"InstanceRefreshId": begun.id})


def describe_instance_refreshes(self: AutoScalingResponse) -> ActionResult:
    """The refreshes of a group, the newest first."""
    group = _group(self)
    move_on(group)
    wanted = self._get_param("InstanceRefreshIds") or []
    found = [refresh for refresh in reversed(_refreshes(group)) if not wanted or refresh.id in wanted]
    return ActionResult({"InstanceRefreshes": [refresh.described() for refresh in found]})


def cancel_instance_refresh(self: AutoScalingResponse) -> ActionResult:
    """Ends a refresh; instances that were replaced stay replaced."""
    running = next((refresh for refresh in _refreshes(_group(self)) if refresh.status == IN_PROGRESS), None)
    if running is None:
        raise AutoscalingClientError(
            "ActiveInstanceRefreshNotFound", "No in progress or pending Instance Refresh found."
        )
    running.status, running.ended = CANCELLED, utcnow()
    return ActionResult({"InstanceRefreshId": running.id})


def _moving_on(original: Answer) -> Answer:
    def describe(self: AutoScalingResponse) -> ActionResult:
        for group in self.autoscaling_backend.autoscaling_groups.values():
            move_on(group)
        return original(self)

    return describe


def move_on(group: FakeAutoScalingGroup) -> None:
    """Advances a group one step: puts a ready instance into service, or launches or terminates one."""
    let_time_pass(group)
    old = list(_to_be_replaced(group))
    waiting = [
        instance_state
        for instance_state in group.instance_states
        if instance_state.lifecycle_state == PENDING
    ]
    ready = next(
        (
            instance_state
            for instance_state in waiting
            if not waits_of(instance_state) and _has_a_release(group, instance_state.instance.id)
        ),
        None,
    )
    if ready is not None:
        ready.lifecycle_state = IN_SERVICE
    spare = len(group.instance_states) - (group.desired_capacity or 0)
    if not old:
        _end_refreshes(group)
    if _suspended(group, "Terminate"):
        return
    if not old:
        may_end = [
            instance_state
            for instance_state in group.instance_states
            if not instance_state.protected_from_scale_in
        ]
        if spare > 0 and may_end:
            _end(group, min(may_end, key=lambda instance_state: str(instance_state.instance.launch_time)))
    elif spare <= 0:
        before = {instance_state.instance.id for instance_state in group.instance_states}
        group.replace_autoscaling_group_instances(1, group.get_propagated_tags())
        _await_release(group, before)
        group.autoscaling_backend.update_attached_target_groups(group.name)
    elif not any(instance_state.lifecycle_state == PENDING for instance_state in group.instance_states):
        _end(group, old[0])


def _to_be_replaced(group: FakeAutoScalingGroup) -> Iterator[InstanceState]:
    refreshed = {old for refresh in _refreshes(group) if refresh.status == IN_PROGRESS for old in refresh.old}
    for instance_state in group.instance_states:
        if instance_state.health_status == UNHEALTHY or instance_state.instance.id in refreshed:
            yield instance_state


def _end(group: FakeAutoScalingGroup, state: InstanceState) -> None:
    group.instance_states.remove(state)
    group.ec2_backend.terminate_instances([state.instance.id])
    group.autoscaling_backend.update_attached_target_groups(group.name)
    for refresh in _refreshes(group):
        if state.instance.id in refresh.old:
            refresh.old.remove(state.instance.id)


def _end_refreshes(group: FakeAutoScalingGroup) -> None:
    for refresh in _refreshes(group):
        if refresh.status == IN_PROGRESS and not refresh.old:
            refresh.status, refresh.ended = DONE, utcnow()


def _has_a_release(group: FakeAutoScalingGroup, instance: str) -> bool:
    """Whether a deployment to this instance has succeeded, or nothing was deployed to the group."""
    backend = codedeploy_backends[group.account_id][group.region]
    deployments = backend.deployments.values()
    of_this = [
        deployment
        for deployment in deployments
        if group.name in deployment.deployment_group.auto_scaling_groups
    ]
    if not any(deployment.status == SUCCEEDED for deployment in of_this):
        return True
    return any(
        target["status"] == SUCCEEDED
        for deployment in of_this
        for name, target in details_of(deployment).targets.items()
        if name.rpartition("/")[2] == instance
    )


def _template(state: InstanceState) -> str:
    return str((state.launch_template or {}).get("Version", ""))


def _suspended(group: FakeAutoScalingGroup, process: str) -> bool:
    return any(suspended_process["ProcessName"] == process for suspended_process in group.suspended_processes)


def _refreshes(group: FakeAutoScalingGroup) -> list[KeptRefresh]:
    kept: list[KeptRefresh] = vars(group).setdefault("kept_refreshes", [])
    return kept


def _group(self: AutoScalingResponse) -> FakeAutoScalingGroup:
    name = self._get_param("AutoScalingGroupName")
    group = self.autoscaling_backend.autoscaling_groups.get(name)
    if group is None:
        raise AutoscalingClientError("ValidationError", f"AutoScalingGroup name not found - {name}")
    return group
