import json
from functools import cache
from typing import Any

from constructs_lib.host_group import HostGroup
from constructs_lib.launch_hook import LAUNCHING
from constructs_lib.testing import (
    Testing,
    assert_has_resource_with_properties,
    resource,
    resources,
    statements,
)

import pytest
from cdktf import TerraformStack

from tests.constructs_lib.building import network


@cache
def synthesise(**changes: Any) -> str:  # noqa: ANN401 - whatever HostGroup takes
    settings: dict[str, Any] = {
        "name": "my-app",
        "load_balancer_security_group_id": "sg-balancer",
        "target_group_arns": ["arn:targets"],
        "port": 8080,
        "architecture": "x86_64",
        "instance_type": "t3.small",
        "minimum": 2,
        "maximum": 4,
        "role_name": "my-app-host",
        "user_data": "#!/bin/bash\necho ready\n",
        "tags": {"service": "my-app"},
    }

    def build(stack: TerraformStack) -> None:
        HostGroup(stack, "hosts", network=network(stack), **{**settings, **changes})

    return Testing.synth_scope(build)


def group(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever HostGroup takes
    return resource(synthesise(**changes), "aws_autoscaling_group")


def test_hosts_run_in_private_subnets_only() -> None:
    zones = group()["vpc_zone_identifier"]

    assert len(zones) == 2
    assert all("network_private-" in zone for zone in zones)


def test_only_the_load_balancer_reaches_the_hosts_and_only_on_their_port() -> None:
    (rule,) = resources(synthesise(), "aws_vpc_security_group_ingress_rule").values()

    assert rule["referenced_security_group_id"] == "sg-balancer"
    assert (rule["ip_protocol"], rule["from_port"], rule["to_port"]) == ("tcp", 8080, 8080)


def test_the_load_balancer_is_let_out_to_the_hosts_on_their_port() -> None:
    rule = resource(synthesise(), "aws_vpc_security_group_egress_rule", "out-of-group")

    assert rule["security_group_id"] == "sg-balancer"
    assert (rule["from_port"], rule["to_port"]) == (8080, 8080)
    assert "aws_security_group.hosts_" in rule["referenced_security_group_id"]


def test_hosts_reach_https_anywhere_and_nothing_else() -> None:
    rules = resources(synthesise(), "aws_vpc_security_group_egress_rule").values()

    (own,) = [rule for rule in rules if rule["security_group_id"] != "sg-balancer"]
    assert (own["cidr_ipv4"], own["from_port"], own["to_port"]) == ("0.0.0.0/0", 443, 443)


def test_a_host_without_a_release_is_not_replaced_for_failing_the_load_balancers_health_check() -> None:
    assert group()["health_check_type"] == "EC2"


def test_the_apply_does_not_wait_for_hosts_that_are_healthy_only_after_a_release() -> None:
    found = group()

    assert found["wait_for_capacity_timeout"] == "0"
    assert "min_elb_capacity" not in found


def test_the_number_of_hosts_that_load_brought_stays() -> None:
    found = group()

    assert found["lifecycle"]["create_before_destroy"]
    assert "desired_capacity" in found["lifecycle"]["ignore_changes"]
    assert found["name_prefix"] == "my-app-"


@pytest.mark.parametrize(("desired", "expected"), [(None, 2), (3, 3)])
def test_it_starts_with_the_minimum_unless_told_otherwise(desired: int | None, expected: int) -> None:
    found = group(desired=desired)

    assert (found["min_size"], found["max_size"], found["desired_capacity"]) == (2, 4, expected)


def test_an_apply_leaves_suspended_what_a_deployment_has_suspended() -> None:
    assert "suspended_processes" in group()["lifecycle"]["ignore_changes"]


@pytest.mark.parametrize(("minimum", "most"), [(1, 200), (2, 150), (3, 134), (50, 102)])
def test_a_new_host_is_in_service_before_an_old_one_ends(minimum: int, most: int) -> None:
    policy = group(minimum=minimum, maximum=60)["instance_maintenance_policy"]
    assert policy == {"min_healthy_percentage": 100, "max_healthy_percentage": most}
    assert minimum * most // 100 > minimum


def test_hosts_are_replaced_at_an_age_in_days() -> None:
    assert group(max_age_days=30)["max_instance_lifetime"] == 30 * 24 * 60 * 60


def test_running_hosts_are_not_refreshed_and_have_no_age_limit() -> None:
    assert_has_resource_with_properties(
        synthesise(), "aws_autoscaling_group", {"instance_refresh": None, "max_instance_lifetime": None}
    )


def test_a_changed_launch_template_shows_in_the_plan_of_the_group() -> None:
    assert group()["launch_template"]["version"].endswith(".latest_version}")


def test_hosts_start_only_when_there_is_a_way_out_and_session_manager_may_enter() -> None:
    waits = " ".join(group()["depends_on"])

    for needed in (
        "public-way-out",
        "private-0_way-out",
        "private-1_way-out",
        "s3-endpoint",
        "session-manager",
    ):
        assert needed in waits


def test_tags_reach_the_hosts_and_name_them() -> None:
    tags = group()["tag"]

    assert {tag["key"]: tag["value"] for tag in tags} == {"service": "my-app", "Name": "my-app"}
    assert all(tag["propagate_at_launch"] for tag in tags)


def test_hosts_follow_their_average_cpu() -> None:
    found = resource(synthesise(cpu_target_percent=45), "aws_autoscaling_policy")

    assert found["policy_type"] == "TargetTrackingScaling"
    assert found["target_tracking_configuration"] == {
        "predefined_metric_specification": {"predefined_metric_type": "ASGAverageCPUUtilization"},
        "target_value": 45,
    }


def test_the_hosts_role_lets_session_manager_in_and_nothing_more() -> None:
    synthesised = synthesise()

    policy = resource(synthesised, "aws_iam_role_policy", "hosts_role_session-manager")
    (only,) = statements(policy)
    assert {action.split(":")[0] for action in only["Action"]} == {"ssm", "ssmmessages"}
    assert not any("Parameter" in action for action in only["Action"])
    assert resources(synthesised, "aws_iam_role_policy_attachment") == {}
    assert [name for name in resources(synthesised, "aws_iam_role_policy") if "hosts" in name] == [
        name for name in resources(synthesised, "aws_iam_role_policy") if "session-manager" in name
    ]


def test_a_new_group_has_the_hook_before_its_first_host_and_one_that_is_there_is_not_replaced_for_it() -> (
    None
):
    found = group(launch_hook="first-boot")

    (initial,) = found["initial_lifecycle_hook"]
    own = resource(synthesise(launch_hook="first-boot"), "aws_autoscaling_lifecycle_hook")
    said = ("name", "lifecycle_transition", "heartbeat_timeout", "default_result")
    assert [initial[each] for each in said] == [own[each] for each in said]
    assert [own[each] for each in said] == ["first-boot", LAUNCHING, 900, "ABANDON"]
    assert "initial_lifecycle_hook" in found["lifecycle"]["ignore_changes"]


def test_a_group_has_no_hook_unless_it_is_asked_for() -> None:
    assert "initial_lifecycle_hook" not in group()
    assert resources(synthesise(), "aws_autoscaling_lifecycle_hook") == {}


def test_a_host_may_complete_hooks_of_its_own_group_and_has_that_right_before_it_starts() -> None:
    synthesised = synthesise(launch_hook="first-boot")
    complete, _ = statements(resource(synthesised, "aws_iam_role_policy", "hosts_role_complete-launch"))

    assert complete["Action"] == ["autoscaling:CompleteLifecycleAction"]
    (groups,) = complete["Resource"]
    assert groups.endswith(f"autoScalingGroup:*:autoScalingGroupName/my-app-{'?' * 26}")
    assert "complete-launch" in " ".join(group(launch_hook="first-boot")["depends_on"])


def test_only_ec2_may_use_the_hosts_role() -> None:
    (trust,) = statements(resource(synthesise(), "aws_iam_role", "hosts/role")["assume_role_policy"])

    assert trust["Principal"] == {"Service": ["ec2.amazonaws.com"]}


def test_two_groups_that_name_each_other_make_no_cycle() -> None:
    """Rules refer to groups; no group refers to another."""
    for each in resources(synthesise(), "aws_security_group").values():
        assert "aws_security_group." not in json.dumps(each)
