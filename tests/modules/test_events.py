import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from constructs_lib.event_message import EventMessage
from constructs_lib.testing import Testing, resource

import pytest
from constructs import Construct

from modules import events
from modules.config.names import Names
from tests.settings import minimal

CONSOLE = "https://eu-central-1.console.aws.amazon.com/codesuite"

# docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
ACTION_FAILED = {
    "source": "aws.codepipeline",
    "detail-type": "CodePipeline Action Execution State Change",
    "time": "2026-11-23T06:00:00Z",
    "detail": {
        "pipeline": "my-app",
        "version": 1,
        "execution-id": "01234567-89ab",
        "stage": "Build",
        "action": "Build",
        "state": "FAILED",
        "region": "eu-central-1",
        "type": {"owner": "AWS", "category": "Build", "provider": "CodeBuild", "version": "1"},
    },
}
# docs.aws.amazon.com/eventbridge/latest/ref/events-ref-codedeploy.html
DEPLOYMENT_ENDED = {
    "source": "aws.codedeploy",
    "detail-type": "CodeDeploy Deployment State-change Notification",
    "time": "2026-11-23T06:00:00Z",
    "detail": {
        "region": "eu-central-1",
        "deploymentId": "d-0123456",
        "instanceGroupId": "9fd2fbef",
        "deploymentGroup": "my-app-prod",
        "application": "my-app",
        "state": "FAILURE",
    },
}


# docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html; the message is that of
# docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-auto-scaling.html
HOST_DID_NOT_COME: dict[str, Any] = {
    "source": "aws.autoscaling",
    "detail-type": "EC2 Instance Launch Unsuccessful",
    "time": "2026-11-23T06:00:00Z",
    "detail": {
        "StatusCode": "Cancelled",
        "AutoScalingGroupName": "my-app-staging-2026",
        "EC2InstanceId": "i-0123456789abcdef0",
        "StatusMessage": "Instance failed to complete user's Lifecycle Action: Lifecycle Action with token"
        " 0123 was abandoned: Heartbeat Timeout",
        "Cause": "At 2026-11-23T05:44:00Z an instance was started",
    },
}


def failed_launches(scope: Construct, names: Names) -> EventMessage:
    return events.failed_launches(scope, names.environments[0], "my-app-staging-2026", names.topic_arn)


@cache
def synthesised(make: Callable[[Construct, Names], EventMessage]) -> str:
    return Testing.synth_scope(lambda stack: make(stack, Names.of(minimal())))


def pattern(make: Callable[[Construct, Names], EventMessage]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        resource(synthesised(make), "aws_cloudwatch_event_rule")["event_pattern"]
    )
    return found


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether EventBridge would match; only the lists of values that our patterns have."""
    return all(
        matches(wanted, event[key]) if isinstance(wanted, Mapping) else event[key] in wanted
        for key, wanted in pattern.items()
    )


def message(make: Callable[[Construct, Names], EventMessage], event: dict[str, Any]) -> list[str]:
    """The lines that a person reads, as EventBridge fills them in."""
    transformer = resource(synthesised(make), "aws_cloudwatch_event_target")["input_transformer"]

    def value(match: re.Match[str]) -> str:
        found: Any = event
        for part in transformer["input_paths"][match[1]].removeprefix("$.").split("."):
            found = found[part]
        return str(found)

    lines = transformer["input_template"].split("\n")
    return [re.sub(r"<([^<>]+)>", value, json.loads(line)) for line in lines]


def with_detail(event: dict[str, Any], **detail: object) -> dict[str, Any]:
    return {**event, "detail": {**event["detail"], **detail}}


def test_a_failed_action_of_the_pipeline_is_told() -> None:
    assert matches(pattern(events.pipeline_failures), ACTION_FAILED)


@pytest.mark.parametrize("state", ["STARTED", "SUCCEEDED", "CANCELED"])
def test_an_action_that_did_not_fail_is_not_told(state: str) -> None:
    assert not matches(pattern(events.pipeline_failures), with_detail(ACTION_FAILED, state=state))


def test_another_pipelines_failures_are_not_told() -> None:
    assert not matches(pattern(events.pipeline_failures), with_detail(ACTION_FAILED, pipeline="other"))


def test_a_failed_action_is_told_in_words_with_a_link_to_its_execution() -> None:
    assert message(events.pipeline_failures, ACTION_FAILED) == [
        "The pipeline my-app failed at 2026-11-23T06:00:00Z: action Build of stage Build.",
        "The release did not reach the environments after Build; they are unchanged.",
        f"See {CONSOLE}/codepipeline/pipelines/my-app/executions/01234567-89ab/timeline?region=eu-central-1",
    ]


@pytest.mark.parametrize("state", ["SUCCESS", "FAILURE", "STOP"])
def test_a_deployment_that_ended_is_told(state: str) -> None:
    assert matches(pattern(events.deployments), with_detail(DEPLOYMENT_ENDED, state=state))


@pytest.mark.parametrize("state", ["START", "READY"])
def test_a_deployment_that_has_not_ended_is_not_told(state: str) -> None:
    assert not matches(pattern(events.deployments), with_detail(DEPLOYMENT_ENDED, state=state))


def test_another_applications_deployments_are_not_told() -> None:
    assert not matches(pattern(events.deployments), with_detail(DEPLOYMENT_ENDED, application="other"))


def test_a_deployment_is_told_in_words_with_a_link_to_it() -> None:
    assert message(events.deployments, DEPLOYMENT_ENDED) == [
        "The deployment d-0123456 to my-app-prod ended with FAILURE at 2026-11-23T06:00:00Z.",
        "After FAILURE or STOP, CodeDeploy automatically deploys the last good revision again.",
        f"See {CONSOLE}/codedeploy/deployments/d-0123456?region=eu-central-1",
    ]


def test_a_host_that_did_not_come_is_told_and_another_groups_is_not() -> None:
    assert matches(pattern(failed_launches), HOST_DID_NOT_COME)
    for other in ({"AutoScalingGroupName": "my-app-staging-2027"}, {"AutoScalingGroupName": "other"}):
        assert not matches(pattern(failed_launches), with_detail(HOST_DID_NOT_COME, **other))
    came = {**HOST_DID_NOT_COME, "detail-type": "EC2 Instance Launch Successful"}
    assert not matches(pattern(failed_launches), came)


def test_a_host_that_did_not_come_is_told_with_the_reason_its_log_and_what_comes_next() -> None:
    host, why = (HOST_DID_NOT_COME["detail"][each] for each in ("EC2InstanceId", "StatusMessage"))
    assert message(failed_launches, HOST_DID_NOT_COME) == [
        f"A new host of staging failed to launch at 2026-11-23T06:00:00Z: {host}",
        f"Auto Scaling reports: {why}",
        "Heartbeat Timeout means: its first boot failed or took more than 15 minutes.",
        f"Its log: log group /my-app/staging/agent, stream {host}/first-boot.",
        "Auto Scaling automatically starts another host, one attempt every 15 minutes per host.",
        "slipway status shows the current state.",
    ]


@pytest.mark.parametrize("make", [events.pipeline_failures, events.deployments, failed_launches])
def test_events_go_to_the_alert_topic(make: Callable[[Construct, Names], EventMessage]) -> None:
    target = resource(synthesised(make), "aws_cloudwatch_event_target")

    assert target["arn"] == "arn:aws:sns:eu-central-1:123456789012:my-app-alerts"
