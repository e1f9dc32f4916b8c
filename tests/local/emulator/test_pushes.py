"""A push starts a pipeline, unless its connection was PENDING when it was made."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator.build_quotas import allow_builds
from local.emulator.handshakes import complete_handshakes
from local.emulator.pushes import push
from tests.local.emulator.clients import REGION, Clients
from tests.local.emulator.pipelines import definition
from tests.local.emulator.roles import role

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def make_connection(aws: Clients, name: str, *, available: bool = True) -> str:
    made = aws.untyped("codeconnections").create_connection(ConnectionName=name, ProviderType="GitHub")
    arn = str(made["ConnectionArn"])
    if available:
        complete_handshakes(aws.endpoint, connection_arn=arn)
    return arn


def make_pipeline(aws: Clients, name: str, connection: str, **more: object) -> None:
    aws.untyped("codepipeline").create_pipeline(pipeline=definition(aws, name, connection, **more))


def pushed(aws: Clients, name: str, branch: str = "main", **more: Any) -> bool:  # noqa: ANN401 - as push takes them
    """Whether a push to a pipeline's repository starts it."""
    return name in push(aws.endpoint, REGION, f"example/{name}", branch, COMMIT, **more)


def test_a_push_starts_the_pipeline_with_its_commit(aws: Clients) -> None:
    make_pipeline(aws, "pushed", make_connection(aws, "pushed"))
    started = push(aws.endpoint, REGION, "example/pushed", "main", COMMIT)
    (execution,) = aws.untyped("codepipeline").list_pipeline_executions(pipelineName="pushed")[
        "pipelineExecutionSummaries"
    ]
    assert started == {"pushed": execution["pipelineExecutionId"]}
    assert execution["sourceRevisions"] == [{"actionName": "Source", "revisionId": COMMIT}]
    assert execution["trigger"]["triggerType"] == "WebhookV2"


def test_a_push_elsewhere_starts_nothing(aws: Clients) -> None:
    make_pipeline(aws, "unmoved", make_connection(aws, "unmoved"))
    assert not pushed(aws, "unmoved", branch="feature")
    assert push(aws.endpoint, REGION, "example/another", "main", COMMIT) == {}


def test_a_trigger_decides_by_branch_and_path(aws: Clients) -> None:
    filters = {"branches": {"includes": ["main"]}, "filePaths": {"includes": ["app/**"]}}
    trigger = {
        "providerType": "CodeStarSourceConnection",
        "gitConfiguration": {"sourceActionName": "Source", "push": [filters]},
    }
    make_pipeline(aws, "filtered", make_connection(aws, "filtered"), pipelineType="V2", triggers=[trigger])
    assert pushed(aws, "filtered", files=["README.md", "app/deep/main.py"])
    assert not pushed(aws, "filtered", files=["modules/app/main.py"])
    assert not pushed(aws, "filtered", branch="other")


def test_no_push_starts_a_pipeline_that_was_made_before_the_handshake(aws: Clients) -> None:
    connection = make_connection(aws, "too-early", available=False)
    make_pipeline(aws, "too-early", connection)
    complete_handshakes(aws.endpoint, connection_arn=connection)
    assert not pushed(aws, "too-early")


@pytest.mark.parametrize("cure", ["saved", "recreated"])
def test_saving_the_pipeline_or_making_it_anew_cures_it(aws: Clients, cure: str) -> None:
    connection = make_connection(aws, cure, available=False)
    make_pipeline(aws, cure, connection)
    complete_handshakes(aws.endpoint, connection_arn=connection)
    if cure == "saved":
        aws.untyped("codepipeline").update_pipeline(pipeline=definition(aws, cure, connection))
    else:
        aws.untyped("codepipeline").delete_pipeline(name=cure)
        make_pipeline(aws, cure, connection)
    assert pushed(aws, cure)


def test_in_an_account_that_may_have_no_builds_the_build_fails_with_codebuilds_words(aws: Clients) -> None:
    make_pipeline(aws, "no-builds", make_connection(aws, "no-builds"))
    allow_builds(aws.endpoint, REGION, 0)
    try:
        assert pushed(aws, "no-builds")
    finally:
        allow_builds(aws.endpoint, REGION, None)
    client = aws.untyped("codepipeline")
    (execution,) = client.list_pipeline_executions(pipelineName="no-builds")["pipelineExecutionSummaries"]
    assert execution["status"] == "Failed"
    _, build = client.get_pipeline_state(name="no-builds")["stageStates"]
    latest = build["actionStates"][0]["latestExecution"]
    assert latest["status"] == "Failed"
    assert "Cannot have more than 0 builds in queue for the account" in latest["errorDetails"]["message"]
    assert "AccountLimitExceededException" in latest["errorDetails"]["message"]


def test_in_such_an_account_no_build_starts_by_hand_either(aws: Clients) -> None:
    codebuild = aws.untyped("codebuild")
    codebuild.create_project(
        name="by-hand",
        source={"type": "NO_SOURCE", "buildspec": "version: 0.2"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        serviceRole=role(aws, "build", "codebuild"),
    )
    allow_builds(aws.endpoint, REGION, 0)
    try:
        with pytest.raises(ClientError, match="Cannot have more than 0 builds in queue for the account"):
            codebuild.start_build(projectName="by-hand")
    finally:
        allow_builds(aws.endpoint, REGION, None)
    assert codebuild.start_build(projectName="by-hand")["build"]["projectName"] == "by-hand"
