from typing import Any, Literal

from constructs_lib.alarm import Alarm
from constructs_lib.deployment_group import DeploymentGroup, MinimumHealthyHosts
from constructs_lib.policy import Statement
from constructs_lib.testing import (
    Testing,
    assert_has_no_resource,
    assert_has_resource_with_properties,
    resource,
)

import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.codedeploy_deployment_config import CodedeployDeploymentConfig
from cdktf_cdktf_provider_aws.codedeploy_deployment_group import CodedeployDeploymentGroup

from tests.constructs_lib.samples import EXPLANATION, TOPIC_ARN, metric, role

DESCRIBE = Statement(actions=["ec2:DescribeInstances"], resources=["*"], reason="takes no resource")


def alarm(stack: TerraformStack, name: str) -> Alarm:
    return Alarm(
        stack,
        name,
        name=f"my-app-prod-{name}",
        topic_arn=TOPIC_ARN,
        metric=metric(),
        threshold=10,
        explanation=EXPLANATION,
    )


def synthesise(
    speed: str | MinimumHealthyHosts = "CodeDeployDefault.OneAtATime", *, alarms: tuple[str, ...] = ()
) -> str:
    def build(stack: TerraformStack) -> None:
        deployer = role(stack)
        deployer.allow("see-hosts", DESCRIBE)
        DeploymentGroup(
            stack,
            "deployment",
            application="my-app",
            name="my-app-prod",
            role=deployer,
            speed=speed,
            auto_scaling_group="my-app-prod-0123",
            target_group="my-app-prod-8080",
            alarms=[alarm(stack, each) for each in alarms],
            topic_arn=TOPIC_ARN,
        )

    return Testing.synth_scope(build)


def group(**settings: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever synthesise takes
    return resource(synthesise(**settings), CodedeployDeploymentGroup)


def test_it_deploys_in_place_with_traffic_control() -> None:
    assert group()["deployment_style"] == {
        "deployment_type": "IN_PLACE",
        "deployment_option": "WITH_TRAFFIC_CONTROL",
    }


def test_it_deploys_to_one_auto_scaling_group_behind_one_target_group() -> None:
    assert group()["autoscaling_groups"] == ["my-app-prod-0123"]
    assert group()["load_balancer_info"] == {"target_group_info": [{"name": "my-app-prod-8080"}]}


def test_hosts_that_join_during_a_deployment_get_the_new_revision() -> None:
    assert group()["outdated_instances_strategy"] == "UPDATE"


def test_a_failed_or_stopped_deployment_goes_back() -> None:
    assert group()["auto_rollback_configuration"] == {
        "enabled": True,
        "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST"],
    }


def test_an_alarm_makes_a_deployment_go_back() -> None:
    alarmed = group(alarms=("latency",))

    assert "DEPLOYMENT_STOP_ON_ALARM" in alarmed["auto_rollback_configuration"]["events"]


def test_each_alarm_stops_a_deployment() -> None:
    assert group(alarms=("latency", "target-5xx"))["alarm_configuration"] == {
        "enabled": True,
        "alarms": ["my-app-prod-latency", "my-app-prod-target-5xx"],
    }


def test_without_alarms_none_is_watched() -> None:
    assert group()["alarm_configuration"] == {"enabled": False, "alarms": []}


def test_rollbacks_and_failed_hosts_are_told_to_the_topic() -> None:
    assert group()["trigger_configuration"] == [
        {
            "trigger_name": "alerts",
            "trigger_events": ["DeploymentRollback", "InstanceFailure"],
            "trigger_target_arn": TOPIC_ARN,
        }
    ]


def test_it_waits_until_its_role_may_work_and_its_alarms_exist() -> None:
    permission, watched = group(alarms=("latency",))["depends_on"]

    assert permission.startswith("aws_iam_role_policy.worker_see-hosts_")
    assert watched.startswith("aws_cloudwatch_metric_alarm.latency_alarm_")


def test_a_speed_of_codedeploys_own_makes_no_configuration() -> None:
    synthesised = synthesise("CodeDeployDefault.HalfAtATime")

    assert_has_no_resource(synthesised, CodedeployDeploymentConfig)
    assert_has_resource_with_properties(
        synthesised, CodedeployDeploymentGroup, {"deployment_config_name": "CodeDeployDefault.HalfAtATime"}
    )


def test_a_share_of_healthy_hosts_is_a_configuration_that_the_group_uses() -> None:
    synthesised = synthesise(MinimumHealthyHosts("FLEET_PERCENT", 75))

    assert_has_resource_with_properties(
        synthesised,
        CodedeployDeploymentConfig,
        {
            "compute_platform": "Server",
            "deployment_config_name": "my-app-prod-75-percent",
            "minimum_healthy_hosts": {"type": "FLEET_PERCENT", "value": 75},
        },
    )
    used = resource(synthesised, CodedeployDeploymentGroup)["deployment_config_name"]
    assert used.startswith("${aws_codedeploy_deployment_config.deployment_config_")


@pytest.mark.parametrize(
    ("type", "name"), [("HOST_COUNT", "my-app-prod-2-hosts"), ("FLEET_PERCENT", "my-app-prod-2-percent")]
)
def test_a_configuration_is_named_by_what_it_says(
    type: Literal["HOST_COUNT", "FLEET_PERCENT"], name: str
) -> None:
    assert MinimumHealthyHosts(type, 2).config_name("my-app-prod") == name


def test_zone_by_zone_the_share_counts_in_each_zone() -> None:
    synthesised = synthesise(MinimumHealthyHosts("FLEET_PERCENT", 75, zone_seconds=600))

    share = {"type": "FLEET_PERCENT", "value": 75}
    assert_has_resource_with_properties(
        synthesised,
        CodedeployDeploymentConfig,
        {
            "deployment_config_name": "my-app-prod-75-percent-by-zone-600",
            "minimum_healthy_hosts": share,
            "zonal_config": {"monitor_duration_in_seconds": 600, "minimum_healthy_hosts_per_zone": share},
        },
    )


def test_another_configuration_is_made_before_the_one_in_use_goes() -> None:
    synthesised = synthesise(MinimumHealthyHosts("HOST_COUNT", 2))

    assert resource(synthesised, CodedeployDeploymentConfig)["lifecycle"] == {"create_before_destroy": True}
