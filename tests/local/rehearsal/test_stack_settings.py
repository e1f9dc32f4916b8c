import json
from pathlib import Path

import pytest

from local.rehearsal import stack_settings
from slipway.console.errors import SlipwayError

USER_DATA = """#!/bin/bash
write 0644 /etc/slipway/host.env <<'END_OF_FILE'
SERVICE=my-app
PATTERN='a "quoted" ${word}'
END_OF_FILE
write 0644 /etc/other <<'END_OF_FILE'
SERVICE=other
END_OF_FILE
"""


def in_terraforms_quotes(text: str) -> str:
    return '${base64encode("' + json.dumps(text.replace("${", "$${"))[1:-1] + '")}'


def stack(directory: Path, config: str = "CodeDeployDefault.OneAtATime", **more: object) -> Path:
    resources = {
        "aws_lb_target_group": {
            "one": {
                "name": "my-app-8080",
                "deregistration_delay": "30",
                "health_check": {
                    "path": "/readyz",
                    "interval": 10,
                    "timeout": 5,
                    "healthy_threshold": 2,
                    "unhealthy_threshold": 3,
                },
            }
        },
        "aws_codedeploy_deployment_group": {
            "one": {
                "app_name": "my-app",
                "deployment_group_name": "my-app-staging",
                "deployment_config_name": config,
            }
        },
        "aws_launch_template": {"one": {"user_data": in_terraforms_quotes(USER_DATA)}},
        **more,
    }
    (directory / "cdk.tf.json").write_text(json.dumps({"resource": resources}))
    return directory


def test_the_target_groups_times_are_numbers_of_seconds(tmp_path: Path) -> None:
    group = stack_settings.read(stack(tmp_path)).target_group
    assert (group.interval, group.timeout, group.healthy, group.unhealthy) == (10, 5, 2, 3)
    assert group.deregistration_delay == 30


def test_hosts_get_the_facts_that_their_user_data_writes_to_the_letter(tmp_path: Path) -> None:
    expected = "SERVICE=my-app\nPATTERN='a \"quoted\" ${word}'\n"
    assert stack_settings.read(stack(tmp_path)).host_env == expected


def test_a_stack_without_a_target_group_cannot_be_rehearsed(tmp_path: Path) -> None:
    with pytest.raises(SlipwayError, match="has 0 resources of type aws_lb_target_group"):
        stack_settings.read(stack(tmp_path, aws_lb_target_group={}))


@pytest.mark.parametrize(
    ("config", "hosts", "minimum"),
    [
        ("CodeDeployDefault.OneAtATime", 2, 1),
        ("CodeDeployDefault.OneAtATime", 1, 0),
        ("CodeDeployDefault.HalfAtATime", 3, 2),
        ("CodeDeployDefault.AllAtOnce", 2, 0),
    ],
)
def test_so_many_hosts_stay_in_service(tmp_path: Path, config: str, hosts: int, minimum: int) -> None:
    rule = stack_settings.read(stack(tmp_path, config)).minimum_healthy
    assert stack_settings.minimum_healthy(rule, hosts) == minimum


def test_a_configuration_of_the_stacks_own_is_read_from_it(tmp_path: Path) -> None:
    own = {"one": {"minimum_healthy_hosts": {"type": "FLEET_PERCENT", "value": 75}}}
    read = stack_settings.read(
        stack(tmp_path, "${aws_codedeploy_deployment_config.one.id}", aws_codedeploy_deployment_config=own)
    )
    assert stack_settings.minimum_healthy(read.minimum_healthy, 4) == 3


@pytest.mark.parametrize(("kind", "way_out"), [("Gateway", True), ("Interface", False)])
def test_hosts_with_interface_endpoints_have_no_way_out(kind: str, way_out: bool, tmp_path: Path) -> None:
    endpoints = {"one": {"vpc_endpoint_type": "Gateway"}, "another": {"vpc_endpoint_type": kind}}
    assert stack_settings.read(stack(tmp_path, aws_vpc_endpoint=endpoints)).way_out is way_out
