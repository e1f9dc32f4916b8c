"""Gap: a new host waits at its group's launch hooks until they are completed, or their time is up."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator.launch_faults import end_waits, fail_first_boots
from tests.local.emulator.clients import REGION, Clients
from tests.local.emulator.hosts import IMAGE, hosts

HOOK = "first-boot"
COMPLETES = "aws autoscaling complete-lifecycle-action --lifecycle-hook-name first-boot"
WAITS = ("Pending:Wait", "MidLifecycleAction")


def make_group(aws: Clients, name: str, user_data: str, *, result: str = "ABANDON") -> None:
    """A group that has the hook before its first host, as Terraform makes one."""
    data: Any = {
        "ImageId": IMAGE,
        "InstanceType": "t3.small",
        "UserData": base64.b64encode(user_data.encode()).decode(),
    }
    made = aws.ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
    aws.untyped("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=name,
        MinSize=0,
        MaxSize=3,
        AvailabilityZones=[f"{REGION}a"],
        LaunchTemplate={"LaunchTemplateId": made["LaunchTemplate"]["LaunchTemplateId"], "Version": "1"},
    )
    aws.untyped("autoscaling").put_lifecycle_hook(
        AutoScalingGroupName=name,
        LifecycleHookName=HOOK,
        LifecycleTransition="autoscaling:EC2_INSTANCE_LAUNCHING",
        HeartbeatTimeout=900,
        DefaultResult=result,
    )
    aws.untyped("autoscaling").update_auto_scaling_group(AutoScalingGroupName=name, DesiredCapacity=1)


def complete(aws: Clients, name: str, instance: str, result: str = "CONTINUE") -> None:
    aws.untyped("autoscaling").complete_lifecycle_action(
        AutoScalingGroupName=name,
        LifecycleHookName=HOOK,
        InstanceId=instance,
        LifecycleActionResult=result,
    )


def state(aws: Clients, name: str) -> tuple[str, str]:
    """Where the only host is between launch and end, and how its launch goes."""
    (host,) = hosts(aws, name)
    found = aws.untyped("autoscaling").describe_auto_scaling_instances(InstanceIds=[host])
    activities = aws.untyped("autoscaling").describe_scaling_activities(AutoScalingGroupName=name)
    newest = next(iter(activities["Activities"]), {"StatusCode": ""})  # moto alone has none
    return found["AutoScalingInstances"][0]["LifecycleState"], newest["StatusCode"]


def test_a_host_waits_until_its_hook_is_completed(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "waits", "#!/bin/bash")
    (host,) = hosts(beyond_moto, "waits")
    assert state(beyond_moto, "waits") == WAITS
    complete(beyond_moto, "waits", host)
    assert state(beyond_moto, "waits") == ("InService", "Successful")
    with pytest.raises(ClientError, match="No active Lifecycle Action found with instance ID"):
        complete(beyond_moto, "waits", host)


def test_a_host_whose_user_data_completes_the_hook_is_in_service(aws: Clients) -> None:
    make_group(aws, "boots", COMPLETES)
    assert state(aws, "boots") == ("InService", "Successful")
    make_group(aws, "boots-otherwise", COMPLETES.replace("first-boot", "second-boot"))
    assert state(aws, "boots-otherwise") == WAITS


@pytest.fixture
def failing(aws: Clients) -> Iterator[Clients]:
    """The emulated AWS while no first boot goes well."""
    fail_first_boots(aws.endpoint, REGION)
    yield aws
    fail_first_boots(aws.endpoint, REGION, fail=False)


def test_a_first_boot_that_fails_is_given_up_when_its_time_is_up_and_another_host_comes(
    failing: Clients,
) -> None:
    make_group(failing, "fails", COMPLETES)
    (first,) = hosts(failing, "fails")
    assert state(failing, "fails") == WAITS
    assert hosts(failing, "fails") == [first], "nothing happens before the time is up"

    assert end_waits(failing.endpoint, REGION) >= 1
    fail_first_boots(failing.endpoint, REGION, fail=False)
    (second,) = hosts(failing, "fails")
    assert second != first
    found = failing.untyped("autoscaling").describe_scaling_activities(AutoScalingGroupName="fails")
    launched, given_up = (dict(activity) for activity in found["Activities"])
    assert launched["StatusCode"] == "Successful"
    assert given_up["StatusCode"] == "Cancelled"
    assert first in given_up["Description"]
    assert given_up["StatusMessage"].endswith("was abandoned: Heartbeat Timeout")
    (reservation,) = failing.ec2.describe_instances(InstanceIds=[first])["Reservations"]
    assert reservation["Instances"][0]["State"]["Name"] == "terminated"


def test_a_host_that_is_given_up_is_replaced_at_once(aws: Clients) -> None:
    make_group(aws, "given-up", "#!/bin/bash")
    (first,) = hosts(aws, "given-up")
    complete(aws, "given-up", first, "ABANDON")
    assert first not in hosts(aws, "given-up")
    assert len(hosts(aws, "given-up")) == 1


def test_a_host_that_waits_counts_as_one_of_the_group(aws: Clients) -> None:
    make_group(aws, "counted", "#!/bin/bash")
    aws.untyped("autoscaling").update_auto_scaling_group(AutoScalingGroupName="counted", DesiredCapacity=2)
    assert len(hosts(aws, "counted")) == 2


def test_a_hook_may_let_hosts_into_service_when_its_time_is_up(aws: Clients) -> None:
    make_group(aws, "lets-in", "#!/bin/bash", result="CONTINUE")
    end_waits(aws.endpoint, REGION)
    assert state(aws, "lets-in") == ("InService", "Successful")


def test_a_hook_that_is_not_there_cannot_be_completed(aws: Clients) -> None:
    make_group(aws, "without", COMPLETES)
    (host,) = hosts(aws, "without")
    aws.untyped("autoscaling").delete_lifecycle_hook(AutoScalingGroupName="without", LifecycleHookName=HOOK)
    with pytest.raises(ClientError, match="No Lifecycle Hook found"):
        complete(aws, "without", host)


def test_a_hook_reads_back_as_it_was_made(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "reads-back", COMPLETES)
    answer = beyond_moto.untyped("autoscaling").describe_lifecycle_hooks(AutoScalingGroupName="reads-back")
    (hook,) = answer["LifecycleHooks"]
    assert (hook["HeartbeatTimeout"], hook["DefaultResult"]) == (900, "ABANDON")
    assert hook.get("RoleARN") is None
    assert hook.get("NotificationTargetARN") is None
    assert hook["GlobalTimeout"] == 90000
