from functools import cache

from constructs_lib.target_group import TargetGroup
from constructs_lib.testing import Testing, assert_has_resource_with_properties, assert_properties, resource


@cache
def synthesise() -> str:
    return Testing.synth_scope(
        lambda stack: TargetGroup(
            stack, "targets", name="my-app-8080", vpc_id="vpc-1", port=8080, health_path="/readyz"
        )
    )


def test_a_target_is_well_when_its_health_path_answers_200() -> None:
    found = resource(synthesise(), "aws_lb_target_group")

    assert_properties(found["health_check"], {"path": "/readyz", "matcher": "200", "port": "traffic-port"})


def test_a_health_check_times_out_before_the_next_one() -> None:
    check = resource(synthesise(), "aws_lb_target_group")["health_check"]

    assert (check["timeout"], check["interval"]) == (4, 5)


def test_it_takes_instances_and_lets_them_go_within_half_a_minute() -> None:
    assert_has_resource_with_properties(
        synthesise(),
        "aws_lb_target_group",
        {"name": "my-app-8080", "target_type": "instance", "port": 8080, "deregistration_delay": "30"},
    )


def test_another_group_is_there_before_the_old_one_goes() -> None:
    found = resource(synthesise(), "aws_lb_target_group")

    assert found["lifecycle"] == {"create_before_destroy": True}


def test_requests_stick_to_no_target() -> None:
    assert_properties(resource(synthesise(), "aws_lb_target_group"), {"stickiness": {"enabled": False}})
