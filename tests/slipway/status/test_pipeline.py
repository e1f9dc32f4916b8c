"""The pipeline's stages and what it waits for, with the command or page that lets it go on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from modules.config.names import Names
from slipway.aws import connections
from slipway.aws.codepipeline import COMMAND
from slipway.status import pipeline
from slipway.status.model import PipelineStatus, PipelineWait
from tests.settings import minimal
from tests.slipway.status.world import World, world
from tests.synthesis import synthesised

ARN = "arn:aws:codeconnections:eu-central-1:123456789012:connection/1"
THEN = datetime(2026, 11, 1, 10, tzinfo=UTC)
CATEGORIES = {"Fetch": "Source", "Approve": "Approval"}
STAGES = {"Source": ["Fetch"], "staging": ["Deploy"], "prod": ["Approve", "Deploy"]}


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        yield made


def definition() -> dict[str, Any]:
    """As AWS answers it."""
    stages = [
        {"name": name, "actions": [_action(action) for action in actions]} for name, actions in STAGES.items()
    ]
    return {"name": "my-app", "roleArn": "arn:aws:iam::123456789012:role/r", "stages": stages}


def _action(name: str) -> dict[str, Any]:
    category = CATEGORIES.get(name, "Deploy")
    kind = {"category": category, "owner": "AWS", "provider": "P", "version": "1"}
    configuration = {"ConnectionArn": ARN} if category == "Source" else {}
    return {"name": name, "actionTypeId": kind, "configuration": configuration}


def read(here: World, *stages: dict[str, Any], status: str = "AVAILABLE") -> PipelineStatus:
    """The pipeline in this state."""
    connection = {"Connection": {"ConnectionStatus": status}}
    with Stubber(here.aws.codepipeline) as stub, Stubber(here.aws.codeconnections) as connections:
        connections.add_response("get_connection", connection, {"ConnectionArn": ARN})
        stub.add_response("get_pipeline_state", {"pipelineName": "my-app", "stageStates": list(stages)})
        executions = [
            {
                "pipelineExecutionId": "x2",
                "sourceRevisions": [{"actionName": "Fetch", "revisionId": "commit2"}],
            },
            {
                "pipelineExecutionId": "x1",
                "sourceRevisions": [{"actionName": "Fetch", "revisionId": "commit1"}],
            },
        ]
        stub.add_response("list_pipeline_executions", {"pipelineExecutionSummaries": executions})
        stub.add_response("get_pipeline", {"pipeline": definition()})
        return pipeline.read(here.aws, here.names)


def stage(name: str, execution: str = "x1", status: str = "Succeeded", **other: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    latest = {"pipelineExecutionId": execution, "status": status}
    return {"stageName": name, "latestExecution": latest, "actionStates": [], **other}


def waits(found: PipelineStatus) -> list[tuple[str, str, str]]:
    return [(wait.stage, wait.kind, wait.then) for wait in found.waits]


def test_each_stage_shows_its_status_and_the_commit_that_is_in_it(here: World) -> None:
    action = {"actionName": "Deploy", "latestExecution": {"status": "Succeeded", "lastStatusChange": THEN}}
    found = read(here, stage("staging", "x2", actionStates=[action]), stage("prod", "x1"))
    assert [(each.name, each.status, each.commit) for each in found.stages] == [
        ("staging", "Succeeded", "commit2"),
        ("prod", "Succeeded", "commit1"),
    ]
    assert found.stages[0].since == THEN
    assert found.waits == ()


def test_a_stage_that_never_ran_says_nothing(here: World) -> None:
    [found] = read(here, {"stageName": "prod"}).stages
    assert (found.status, found.commit, found.since, found.error) == ("", "", None, "")


def test_a_stage_that_failed_says_why(here: World) -> None:
    failed = {"status": "Failed", "errorDetails": {"code": "JobFailed", "message": "too many hosts failed"}}
    [found] = read(here, stage("staging", status="Failed", actionStates=[{"latestExecution": failed}])).stages
    assert found.error == "too many hosts failed"


def test_an_approval_that_is_open_names_the_command_that_gives_it(here: World) -> None:
    opened = {"status": "InProgress", "lastStatusChange": THEN, "token": "secret"}
    states = [{"actionName": "Approve", "latestExecution": opened}]
    found = read(here, stage("prod", "x2", "InProgress", actionStates=states))
    assert waits(found) == [("prod", "approval", "slipway approve --env prod")]
    assert found.waits[0].since == THEN
    assert "secret" not in found.model_dump_json()


def test_a_deployment_that_is_running_is_not_waited_for(here: World) -> None:
    states = [{"actionName": "Deploy", "latestExecution": {"status": "InProgress"}}]
    assert read(here, stage("prod", "x2", "InProgress", actionStates=states)).waits == ()


def test_a_disabled_transition_gives_its_reason_who_did_it_and_what_opens_it(here: World) -> None:
    closed = {
        "enabled": False,
        "disabledReason": "rolled back from 3f9c",
        "lastChangedBy": "arn:aws:sts::123456789012:assumed-role/operator/ana",
        "lastChangedAt": THEN,
    }
    found = read(here, stage("prod", inboundTransitionState=closed))
    assert found.waits == (
        PipelineWait(
            stage="prod",
            kind="transition",
            why="releases are paused by ana: rolled back from 3f9c",
            since=THEN,
            then="slipway resume --env prod",
        ),
    )


def test_an_open_transition_is_not_waited_for(here: World) -> None:
    assert read(here, stage("prod", inboundTransitionState={"enabled": True})).waits == ()


def test_a_pending_connection_comes_with_the_page_that_completes_it(here: World) -> None:
    [found] = read(here, stage("Source"), status="PENDING").waits
    assert (found.stage, found.kind) == ("Source", "connection")
    assert found.then.endswith(
        "https://eu-central-1.console.aws.amazon.com/codesuite/settings/connections?region=eu-central-1"
    )


def test_a_pipeline_that_is_not_there_is_no_error(here: World) -> None:
    found = pipeline.read(here.aws, here.names)
    assert (found.applied, found.stages, found.waits) == (False, (), ())


def test_a_connections_status_is_read_by_its_arn(here: World) -> None:
    with Stubber(here.aws.codeconnections) as stub:
        stub.add_response("get_connection", {"Connection": {"ConnectionStatus": "PENDING"}})
        stub.add_client_error("get_connection", "ResourceNotFoundException")
        assert connections.status(here.aws, ARN) == "PENDING"
        assert connections.status(here.aws, ARN) == connections.MISSING


def test_a_connection_is_found_by_its_name_on_whichever_page_it_is(here: World) -> None:
    mine = {"ConnectionName": "my-app", "ConnectionArn": ARN, "ConnectionStatus": "AVAILABLE"}
    with Stubber(here.aws.codeconnections) as stub:
        stub.add_response("list_connections", {"Connections": [{"ConnectionName": "o"}], "NextToken": "2"})
        stub.add_response("list_connections", {"Connections": [mine]}, {"NextToken": "2"})
        assert connections.named(here.aws, "my-app") == (ARN, "AVAILABLE")
        stub.add_response("list_connections", {"Connections": []})
        assert connections.named(here.aws, "my-app") is None


@pytest.mark.parametrize(("architecture", "code"), [("x86_64", "L-9D07B6EF"), ("arm64", "L-5ED1D25B")])
def test_a_build_that_the_account_may_not_run_comes_with_how_to_ask_for_more(
    here: World, architecture: str, code: str
) -> None:
    """In the words in which CodePipeline has been seen to say it.

    Source: github.com/aws-samples/aws-secure-environment-accelerator/issues/982
    """
    here.names = Names.of(minimal(app={"architecture": architecture}))
    said = (
        "Error calling startBuild: Cannot have more than 0 builds in queue for the account"
        " (Service: AWSCodeBuild; Status Code: 400; Error Code: AccountLimitExceededException)"
    )
    error = {"errorDetails": {"message": said}, "status": "Failed"}
    [found] = read(here, stage("Build", actionStates=[{"latestExecution": error}])).stages
    assert found.error == said
    assert f"--service-code codebuild --quota-code {code}" in found.then


def test_a_build_that_fails_otherwise_comes_without_it(here: World) -> None:
    error = {"errorDetails": {"message": "Build terminated with state: FAILED"}, "status": "Failed"}
    [found] = read(here, stage("Build", actionStates=[{"latestExecution": error}])).stages
    assert found.then == ""


def test_a_release_command_that_failed_comes_with_its_log(here: World) -> None:
    error = {"errorDetails": {"message": "Build terminated with state: FAILED"}, "status": "Failed"}
    action = {"actionName": "Command", "latestExecution": error}
    [found] = read(here, stage("prod", status="Failed", actionStates=[action])).stages
    assert found.error == "Build terminated with state: FAILED"
    assert found.then == "slipway logs --env prod --source run --since 1d"


def test_the_action_of_a_release_command_is_called_as_status_looks_for_it() -> None:
    """A stack of the settings that have everything: both environments have a release command."""
    [made] = synthesised("everything").resources("aws_codepipeline")
    actions = [action["name"] for stage in made["stage"] for action in stage["action"]]
    assert actions.count(COMMAND) == 2
