"""Launch hooks at which new hosts wait.

API_CompleteLifecycleAction: moto does not have it, and puts hosts into service at once, whatever hooks there
are. AWS keeps a host in ``Pending:Wait`` until each hook is completed or times out; after a timeout the
hook's default result applies. ABANDON cancels the launch, terminates the host, and the group launches another
(autoscaling/ec2/userguide/lifecycle-hooks-overview). moto returns a role and a queue that no hook has.

An emulated host does not boot. A hook that its user data completes, with ``complete-lifecycle-action`` and
the hook's name, is completed at once. A caller can make boots fail, complete hooks itself, and let waits time
out (local.emulator.launch_faults).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any  # what AWS answers is JSON
from uuid import uuid4

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import (
    FakeAutoScalingGroup,
    InstanceState,
    LifecycleHook,
    autoscaling_backends,
)
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow

from local.emulator.gaps.patching import add, hear, wrap
from local.emulator.launch_faults import BOOTS, WAITS

LAUNCHING, ABANDON = "autoscaling:EC2_INSTANCE_LAUNCHING", "ABANDON"
PENDING = "Pending:Wait"


@dataclass
class Wait:
    """A host's wait at a hook. until: its timeout; default: the result after the timeout."""

    until: datetime
    default: str
    token: str = field(default_factory=lambda: str(uuid4()))


def fill() -> None:
    """Patches moto: hosts wait at launch hooks, and hooks can be completed."""
    wrap(LifecycleHook, "__init__", _of_nobody_else)
    wrap(FakeAutoScalingGroup, "active_instances", _and_those_that_wait)
    add(AutoScalingResponse, complete_lifecycle_action)
    hear(BOOTS, take_boots)
    hear(WAITS, take_waits)


def take_boots(account: str, said: dict[str, Any]) -> bool:
    """Sets whether first boots of new hosts in a region fail."""
    vars(autoscaling_backends[account][said["region"]])["boots_fail"] = bool(said["fail"])
    return bool(said["fail"])


def take_waits(account: str, said: dict[str, str]) -> int:
    """Lets all waits in a region time out now; how many there are."""
    groups = autoscaling_backends[account][said["region"]].autoscaling_groups.values()
    waits = [wait for group in groups for state in group.instance_states for wait in waits_of(state).values()]
    for wait in waits:
        wait.until = utcnow()
    return len(waits)


def complete_lifecycle_action(self: AutoScalingResponse) -> ActionResult:
    """Ends a host's wait at a hook; after its last hook it comes into service or is terminated."""
    name, hook = self._get_param("AutoScalingGroupName"), self._get_param("LifecycleHookName")
    group = self.autoscaling_backend.autoscaling_groups.get(name)
    if group is None or not self.autoscaling_backend.describe_lifecycle_hooks(name, [hook]):
        raise ValidationError(f"No Lifecycle Hook found with the name {hook} for the group {name}")
    let_time_pass(group)
    instance, token = self._get_param("InstanceId"), self._get_param("LifecycleActionToken")
    for state in group.instance_states:
        wait = waits_of(state).get(hook)
        if wait and (state.instance.id == instance or wait.token == token):
            _end_wait(group, state, hook, self._get_param("LifecycleActionResult"))
            return EmptyResult()
    named = f"token {token}" if token else f"instance ID {instance}"
    raise ValidationError(f"No active Lifecycle Action found with {named}")


def waits_of(state: InstanceState) -> dict[str, Wait]:
    """A host's waits by the names of the hooks."""
    found: dict[str, Wait] = vars(state).setdefault("waits", {})
    return found


def hold(group: FakeAutoScalingGroup, state: InstanceState, activity: dict[str, Any]) -> None:
    """Makes a new host wait at each launch hook that its user data does not complete."""
    backend = group.autoscaling_backend
    vars(state)["launch"] = activity
    for hook in backend.describe_lifecycle_hooks(group.name):
        fails = vars(backend).get("boots_fail")
        if hook.lifecycle_transition == LAUNCHING and (fails or not _completes(group, hook.name)):
            until = utcnow() + timedelta(seconds=hook.heartbeat_timeout)
            waits_of(state)[hook.name] = Wait(until, hook.default_result)
    if waits_of(state):
        state.lifecycle_state = PENDING
        activity["StatusCode"] = "MidLifecycleAction"  # API_Activity
        del activity["EndTime"]


def let_time_pass(group: FakeAutoScalingGroup) -> None:
    """Applies the default result of hooks that have timed out."""
    for state in list(group.instance_states):
        for hook, wait in list(waits_of(state).items()):
            if wait.until <= utcnow() and state in group.instance_states:
                _end_wait(group, state, hook, wait.default, "Heartbeat Timeout")


def _end_wait(
    group: FakeAutoScalingGroup,
    state: InstanceState,
    hook: str,
    result: str,
    how: str = "Lifecycle Action Completed with ABANDON Result",
) -> None:
    wait, activity = waits_of(state).pop(hook), vars(state)["launch"]
    if result == ABANDON:
        # codedeploy/latest/userguide/troubleshooting-auto-scaling; ts-as-instancelaunchfailure
        why = (
            "Instance failed to complete user's Lifecycle Action: "
            f"Lifecycle Action with token {wait.token} was abandoned: {how}"
        )
        described = f"{activity['Description']}.  Status Reason: {why}"
        activity.update(StatusCode="Cancelled", StatusMessage=why, Description=described, EndTime=utcnow())
        _give_up(group, state)
    elif not waits_of(state):
        activity.update(StatusCode="Successful", EndTime=utcnow())


def _give_up(group: FakeAutoScalingGroup, state: InstanceState) -> None:
    group.instance_states.remove(state)
    group.ec2_backend.terminate_instances([state.instance.id])
    if len(group.instance_states) < (group.desired_capacity or 0):
        group.replace_autoscaling_group_instances(1, group.get_propagated_tags())
        group.autoscaling_backend.update_attached_target_groups(group.name)


def _completes(group: FakeAutoScalingGroup, hook: str) -> bool:
    """Whether the user data of the group's next host completes a hook, by its text."""
    assert group.ec2_launch_template is not None  # groups without a template launch in moto
    data = group.ec2_launch_template.get_version(group.launch_template_version).data
    script = data["UserData"].decode() if data.get("UserData") else ""
    named = rf"""(--lifecycle-hook-name[ =]|LAUNCH_HOOK=)["']?{re.escape(hook)}\b"""
    return "complete-lifecycle-action" in script and bool(re.search(named, script))


def _of_nobody_else(original: Callable[..., None]) -> Callable[..., None]:
    def make(self: LifecycleHook, *args: object, **kwargs: object) -> None:
        original(self, *args, **kwargs)
        vars(self).update(role_arn=None, notification_target_arn=None)
        self.global_timeout = min(172800, 100 * self.heartbeat_timeout)  # API_LifecycleHook

    return make


def _and_those_that_wait(
    original: Callable[[FakeAutoScalingGroup], list[InstanceState]],
) -> Callable[[FakeAutoScalingGroup], list[InstanceState]]:
    """A waiting host counts as active: no other is launched in its place."""

    def active_instances(self: FakeAutoScalingGroup) -> list[InstanceState]:
        waiting = [instance_state for instance_state in self.instance_states if waits_of(instance_state)]
        return [*original(self), *waiting]

    return active_instances
