"""Gap: hosts are replaced, the new one before the old one ends."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.emulator.clients import Clients
from tests.local.emulator.hosts import hosts, make_group

STEPS = 20


def described(aws: Clients, name: str) -> dict[str, Any]:
    (group,) = aws.untyped("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])[
        "AutoScalingGroups"
    ]
    return dict(group)


def present(aws: Clients, name: str) -> list[str]:
    return [instance["InstanceId"] for instance in described(aws, name)["Instances"]]


def refresh(aws: Clients, name: str) -> dict[str, Any]:
    found = aws.untyped("autoscaling").describe_instance_refreshes(AutoScalingGroupName=name)
    return dict(found["InstanceRefreshes"][0])


def two_hosts(aws: Clients, name: str) -> list[str]:
    make_group(aws, name)
    aws.untyped("autoscaling").update_auto_scaling_group(
        AutoScalingGroupName=name, DesiredCapacity=2, MaxSize=2
    )
    return hosts(aws, name)


def test_a_refresh_replaces_every_host_and_there_are_never_fewer(beyond_moto: Clients) -> None:
    old = two_hosts(beyond_moto, "refreshed")
    beyond_moto.untyped("autoscaling").start_instance_refresh(AutoScalingGroupName="refreshed")
    with pytest.raises(ClientError, match="InstanceRefreshInProgress"):
        beyond_moto.untyped("autoscaling").start_instance_refresh(AutoScalingGroupName="refreshed")
    counted = []
    for _ in range(STEPS):
        if refresh(beyond_moto, "refreshed")["Status"] == "Successful":
            break
        counted += [len(present(beyond_moto, "refreshed")) for _ in range(2)]
    assert refresh(beyond_moto, "refreshed")["PercentageComplete"] == 100
    assert set(counted) == {2, 3}
    assert len(new := present(beyond_moto, "refreshed")) == 2
    assert set(new).isdisjoint(old)


def test_a_refresh_that_is_cancelled_replaces_no_more(beyond_moto: Clients) -> None:
    two_hosts(beyond_moto, "cancelled")
    autoscaling = beyond_moto.untyped("autoscaling")
    autoscaling.start_instance_refresh(AutoScalingGroupName="cancelled")
    autoscaling.cancel_instance_refresh(AutoScalingGroupName="cancelled")
    before = present(beyond_moto, "cancelled")
    assert refresh(beyond_moto, "cancelled")["Status"] == "Cancelled"
    assert present(beyond_moto, "cancelled") == before
    with pytest.raises(ClientError, match="ActiveInstanceRefreshNotFound"):
        autoscaling.cancel_instance_refresh(AutoScalingGroupName="cancelled")


def test_an_unhealthy_host_is_replaced_once_the_new_one_is_there(beyond_moto: Clients) -> None:
    ill, well = two_hosts(beyond_moto, "ill")
    beyond_moto.untyped("autoscaling").set_instance_health(InstanceId=ill, HealthStatus="Unhealthy")
    assert len(present(beyond_moto, "ill")) == 3
    after = present(beyond_moto, "ill")
    assert len(after) == 2
    assert well in after
    assert ill not in after


def test_nothing_is_terminated_while_that_is_suspended(beyond_moto: Clients) -> None:
    ill, _ = two_hosts(beyond_moto, "suspended")
    autoscaling = beyond_moto.untyped("autoscaling")
    for process in ("Terminate", "AZRebalance"):
        autoscaling.suspend_processes(AutoScalingGroupName="suspended", ScalingProcesses=[process])
    autoscaling.set_instance_health(InstanceId=ill, HealthStatus="Unhealthy")
    found = described(beyond_moto, "suspended")["SuspendedProcesses"]
    assert {each["ProcessName"] for each in found} == {"AZRebalance", "Terminate"}
    assert ill in present(beyond_moto, "suspended")
    autoscaling.resume_processes(AutoScalingGroupName="suspended", ScalingProcesses=["Terminate"])
    assert len(described(beyond_moto, "suspended")["SuspendedProcesses"]) == 1
    present(beyond_moto, "suspended")
    assert ill not in present(beyond_moto, "suspended")


def test_fewer_hosts_are_waited_for_while_terminate_is_suspended_and_then_the_oldest_ends(
    beyond_moto: Clients,
) -> None:
    first, *_ = two_hosts(beyond_moto, "scaled-in")
    autoscaling = beyond_moto.untyped("autoscaling")
    autoscaling.suspend_processes(AutoScalingGroupName="scaled-in", ScalingProcesses=["Terminate"])
    autoscaling.set_desired_capacity(AutoScalingGroupName="scaled-in", DesiredCapacity=1)
    for _ in range(STEPS):
        assert len(present(beyond_moto, "scaled-in")) == 2
    assert described(beyond_moto, "scaled-in")["DesiredCapacity"] == 1
    autoscaling.resume_processes(AutoScalingGroupName="scaled-in", ScalingProcesses=["Terminate"])
    for _ in range(STEPS):
        left = present(beyond_moto, "scaled-in")
    assert len(left) == 1
    assert first not in left


def test_a_groups_policy_and_lifetime_read_back(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "maintained")
    policy = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 150}
    beyond_moto.untyped("autoscaling").update_auto_scaling_group(
        AutoScalingGroupName="maintained", InstanceMaintenancePolicy=policy, MaxInstanceLifetime=86400
    )
    found = described(beyond_moto, "maintained")
    assert (found["InstanceMaintenancePolicy"], found["MaxInstanceLifetime"]) == (policy, 86400)
