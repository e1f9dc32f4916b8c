"""What one stack knows of another by name is made by some stack: AWS would not say."""

import pytest

from tests.invariants.references import NAMED, changed, dangling
from tests.settings import ACCOUNT, REGION
from tests.synthesis import Synthesised, synthesised

VARIANT = "http"
NOWHERE = f"arn:aws:sns:{REGION}:{ACCOUNT}:nowhere"
PIPELINE, GROUP = "aws_codepipeline", "aws_codedeploy_deployment_group"
MISTAKES = [
    (PIPELINE, "stage.1.action.0.configuration.ProjectName", "my-app-bulid"),
    (PIPELINE, "stage.2.action.0.configuration.ApplicationName", "my-ap"),
    (PIPELINE, "stage.2.action.0.configuration.DeploymentGroupName", "my-app-stagign"),
    (PIPELINE, "artifact_store.0.location", "my-app-artefacts"),
    (PIPELINE, "artifact_store.0.encryption_key.id", f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/my-ap"),
    ("aws_codebuild_project", "logs_config.cloudwatch_logs.group_name", "/my-app/delivery/bulid"),
    ("aws_codebuild_project", "environment.environment_variable.2.value", "registry/my-ap"),
    (GROUP, "app_name", "my-ap"),
    (GROUP, "load_balancer_info.target_group_info.0.name", "my-app-staging-80"),
    (GROUP, "alarm_configuration.alarms.0", "my-app-staging-5xx"),
    (GROUP, "trigger_configuration.0.trigger_target_arn", NOWHERE),
    ("aws_cloudwatch_metric_alarm", "alarm_actions.0", NOWHERE),
    ("aws_cloudwatch_event_target", "arn", NOWHERE),
    ("aws_flow_log", "iam_role_arn", "${aws_iam_role.nobody.arn}"),
    ("aws_flow_log", "log_destination", "${aws_cloudwatch_log_group.nowhere.arn}"),
]


def test_whatever_is_known_by_name_is_made_by_some_stack(everything: Synthesised) -> None:
    assert list(dangling(everything)) == []


@pytest.mark.parametrize(("type", "path", "value"), MISTAKES)
def test_a_misspelt_name_is_found(type: str, path: str, value: str) -> None:
    named = value.partition("/")[2] if value.startswith("registry/") else value
    (said,) = dangling(changed(synthesised(VARIANT), type, path, value))
    assert f" {named}, which no stack makes" in said


def test_every_kind_of_name_is_misspelt() -> None:
    assert {each.by for each in NAMED} == {mistaken for mistaken, *_ in MISTAKES}
