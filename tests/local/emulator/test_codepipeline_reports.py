"""Gap: builds and deployments that last until their reports say how they ended."""

from typing import Any

import boto3
import pytest

from local.emulator.pipeline_reports import play_pipelines, report_action
from tests.local.emulator.clients import ONCE, Clients
from tests.local.emulator.roles import role
from tests.local.emulator.test_codepipeline_states import action

ELSEWHERE = "eu-west-1"  # reports apply to a whole region, which the other tests do not use


@pytest.fixture
def client(aws: Clients) -> Any:  # noqa: ANN401 - boto3's
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=ELSEWHERE)
    made = session.client("codepipeline", endpoint_url=aws.endpoint, config=ONCE)
    play_pipelines(aws.endpoint, ELSEWHERE)
    return made


def start(aws: Clients, client: Any, name: str) -> str:  # noqa: ANN401 - boto3's
    """An execution of a pipeline of source, build and deployment."""
    stages = {
        "Source": action("Source", "Source", "S3"),
        "Build": action("Build", "Build", "CodeBuild"),
        "staging": action("Deploy", "Deploy", "CodeDeploy"),
    }
    client.create_pipeline(
        pipeline={
            "name": name,
            "roleArn": role(aws, "pipeline", "codepipeline"),
            "artifactStore": {"type": "S3", "location": "artifacts"},
            "stages": [{"name": stage, "actions": [each]} for stage, each in stages.items()],
        }
    )
    started: str = client.start_pipeline_execution(name=name)["pipelineExecutionId"]
    return started


def ran(client: Any, name: str) -> dict[str, Any]:  # noqa: ANN401 - boto3's
    found = client.list_action_executions(pipelineName=name)["actionExecutionDetails"]
    return {each["actionName"]: each for each in found}


def status(client: Any, name: str) -> str:  # noqa: ANN401 - boto3's
    (execution,) = client.list_pipeline_executions(pipelineName=name)["pipelineExecutionSummaries"]
    found: str = execution["status"]
    return found


def test_a_played_build_lasts_until_it_is_told_to_have_ended(aws: Clients, client: Any) -> None:  # noqa: ANN401
    execution = start(aws, client, "played")
    assert ran(client, "played")["Build"]["status"] == "InProgress"
    assert "Deploy" not in ran(client, "played")
    report_action(
        aws.endpoint, ELSEWHERE, "played", execution, "Build", status="Succeeded", external_id="b:1"
    )
    result = ran(client, "played")["Build"]["output"]["executionResult"]
    assert result == {"externalExecutionId": "b:1"}
    assert status(client, "played") == "InProgress"
    report_action(aws.endpoint, ELSEWHERE, "played", execution, "Deploy", status="Succeeded")
    assert status(client, "played") == "Succeeded"


def test_a_played_deployment_that_fails_fails_the_execution(aws: Clients, client: Any) -> None:  # noqa: ANN401
    execution = start(aws, client, "failing")
    report_action(aws.endpoint, ELSEWHERE, "failing", execution, "Build", status="Succeeded")
    report_action(
        aws.endpoint,
        ELSEWHERE,
        "failing",
        execution,
        "Deploy",
        status="Failed",
        external_id="d-1",
        error="too many hosts failed",
    )
    assert status(client, "failing") == "Failed"
    result = ran(client, "failing")["Deploy"]["output"]["executionResult"]
    assert result["externalExecutionId"] == "d-1"
    assert result["errorDetails"]["message"] == "too many hosts failed"
