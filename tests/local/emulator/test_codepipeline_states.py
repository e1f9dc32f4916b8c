"""Gap: executions go through stages, wait before closed ones and for approvals, and can be looked at."""

import json
from typing import TYPE_CHECKING, Any, Literal

import pytest
from botocore.exceptions import ClientError

from tests.local.emulator.clients import ACCOUNT, Clients

if TYPE_CHECKING:
    from mypy_boto3_codepipeline.client import CodePipelineClient

TRUST = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "codepipeline.amazonaws.com"},
}


def client(aws: Clients) -> "CodePipelineClient":
    made: CodePipelineClient = aws.untyped("codepipeline")
    return made


def action(name: str, category: str, provider: str, order: int = 1) -> dict[str, object]:
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "actionTypeId": kind, "runOrder": order}


def make_pipeline(aws: Clients, name: str) -> None:
    """Source, staging, and prod behind an approval."""
    aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [TRUST]}))
    stages = {
        "Source": [action("Source", "Source", "S3")],
        "staging": [action("Deploy", "Deploy", "CodeDeploy")],
        "prod": [action("Approve", "Approval", "Manual"), action("Deploy", "Deploy", "CodeDeploy", 2)],
    }
    aws.untyped("codepipeline").create_pipeline(
        pipeline={
            "name": name,
            "roleArn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
            "artifactStore": {"type": "S3", "location": "artifacts"},
            "stages": [{"name": stage, "actions": actions} for stage, actions in stages.items()],
        }
    )


def start(aws: Clients, name: str, commit: str) -> str:
    """An execution of a commit; its id."""
    return client(aws).start_pipeline_execution(
        name=name,
        sourceRevisions=[{"actionName": "Source", "revisionType": "COMMIT_ID", "revisionValue": commit}],
    )["pipelineExecutionId"]


def state(aws: Clients, name: str, stage: str) -> dict[str, Any]:
    stages = client(aws).get_pipeline_state(name=name)["stageStates"]
    return next(dict(each) for each in stages if each["stageName"] == stage)


def disable(aws: Clients, name: str, stage: str) -> None:
    client(aws).disable_stage_transition(
        pipelineName=name, stageName=stage, transitionType="Inbound", reason="not now"
    )


def decide(aws: Clients, name: str, token: str, status: Literal["Approved", "Rejected"]) -> None:
    client(aws).put_approval_result(
        pipelineName=name,
        stageName="prod",
        actionName="Approve",
        token=token,
        result={"status": status, "summary": "looked at"},
    )


def token(aws: Clients, name: str) -> str:
    found: str = state(aws, name, "prod")["actionStates"][0]["latestExecution"]["token"]
    return found


def statuses(aws: Clients, name: str) -> list[str]:
    """Of the executions, newest first."""
    found = client(aws).list_pipeline_executions(pipelineName=name)["pipelineExecutionSummaries"]
    return [each["status"] for each in found]


def test_an_execution_waits_for_its_approval(beyond_moto: Clients) -> None:
    make_pipeline(beyond_moto, "waiting")
    made = start(beyond_moto, "waiting", "c0ffee")
    prod = state(beyond_moto, "waiting", "prod")
    assert prod["latestExecution"] == {
        "pipelineExecutionId": made,
        "status": "InProgress",
        "type": "STANDARD",
    }
    assert prod["actionStates"][0]["latestExecution"]["status"] == "InProgress"
    assert "latestExecution" not in prod["actionStates"][1]
    assert state(beyond_moto, "waiting", "staging")["latestExecution"]["status"] == "Succeeded"


def test_an_execution_that_is_approved_goes_to_its_end(aws: Clients) -> None:
    make_pipeline(aws, "approved")
    start(aws, "approved", "c0ffee")
    decide(aws, "approved", token(aws, "approved"), "Approved")
    assert statuses(aws, "approved") == ["Succeeded"]
    approval = state(aws, "approved", "prod")["actionStates"][0]["latestExecution"]
    assert (approval["status"], approval["summary"]) == ("Succeeded", "looked at")
    assert "token" not in approval


def test_an_execution_that_is_rejected_fails(aws: Clients) -> None:
    make_pipeline(aws, "rejected")
    start(aws, "rejected", "c0ffee")
    decide(aws, "rejected", token(aws, "rejected"), "Rejected")
    assert statuses(aws, "rejected") == ["Failed"]
    assert state(aws, "rejected", "prod")["latestExecution"]["status"] == "Failed"


def test_an_approval_takes_no_token_but_its_own(aws: Clients) -> None:
    make_pipeline(aws, "tokens")
    start(aws, "tokens", "c0ffee")
    with pytest.raises(ClientError, match="InvalidApprovalTokenException"):
        decide(aws, "tokens", "12345678-90ab-cdef-1234-567890abcdef", "Approved")


def test_an_approval_is_answered_once(aws: Clients) -> None:
    make_pipeline(aws, "once")
    start(aws, "once", "c0ffee")
    asked = token(aws, "once")
    decide(aws, "once", asked, "Approved")
    with pytest.raises(ClientError, match="ApprovalAlreadyCompletedException"):
        decide(aws, "once", asked, "Rejected")


def test_an_execution_waits_before_a_closed_stage_until_it_is_opened(aws: Clients) -> None:
    make_pipeline(aws, "closed")
    disable(aws, "closed", "staging")
    made = start(aws, "closed", "c0ffee")
    closed = state(aws, "closed", "staging")
    assert closed["inboundTransitionState"]["disabledReason"] == "not now"
    assert closed["inboundExecution"]["pipelineExecutionId"] == made
    assert "latestExecution" not in closed

    client(aws).enable_stage_transition(pipelineName="closed", stageName="staging", transitionType="Inbound")
    opened = state(aws, "closed", "staging")
    assert opened["inboundTransitionState"]["enabled"] is True
    assert opened["latestExecution"]["status"] == "Succeeded"


def test_what_waits_before_a_stage_is_superseded_by_the_next(aws: Clients) -> None:
    make_pipeline(aws, "superseded")
    disable(aws, "superseded", "staging")
    start(aws, "superseded", "older")
    newer = start(aws, "superseded", "newer")
    assert statuses(aws, "superseded") == ["InProgress", "Superseded"]
    assert state(aws, "superseded", "staging")["inboundExecution"]["pipelineExecutionId"] == newer


def test_an_execution_waits_before_a_stage_that_another_is_in(aws: Clients) -> None:
    make_pipeline(aws, "occupied")
    first = start(aws, "occupied", "first")
    second = start(aws, "occupied", "second")
    prod = state(aws, "occupied", "prod")
    assert prod["latestExecution"]["pipelineExecutionId"] == first
    assert prod["inboundExecution"]["pipelineExecutionId"] == second
    decide(aws, "occupied", token(aws, "occupied"), "Rejected")
    assert state(aws, "occupied", "prod")["latestExecution"]["pipelineExecutionId"] == second


def test_a_stage_that_is_not_there_cannot_be_closed(aws: Clients) -> None:
    make_pipeline(aws, "short")
    with pytest.raises(ClientError, match="StageNotFoundException"):
        disable(aws, "short", "moon")


def test_a_pipeline_that_is_not_there_has_no_state(beyond_moto: Clients) -> None:
    with pytest.raises(ClientError, match="PipelineNotFoundException"):
        client(beyond_moto).get_pipeline_state(name="missing")


def test_executions_say_which_commit_they_are_of(beyond_moto: Clients) -> None:
    make_pipeline(beyond_moto, "commits")
    start(beyond_moto, "commits", "c0ffee")
    (found,) = client(beyond_moto).list_pipeline_executions(pipelineName="commits")[
        "pipelineExecutionSummaries"
    ]
    assert found["sourceRevisions"] == [{"actionName": "Source", "revisionId": "c0ffee"}]


def test_executions_come_page_by_page_newest_first(aws: Clients) -> None:
    make_pipeline(aws, "paged")
    made = [start(aws, "paged", f"commit-{number}") for number in range(3)]
    pages = (
        client(aws)
        .get_paginator("list_pipeline_executions")
        .paginate(pipelineName="paged", PaginationConfig={"PageSize": 2})
    )
    found = [
        [summary["pipelineExecutionId"] for summary in page["pipelineExecutionSummaries"]] for page in pages
    ]
    assert found == [[made[2], made[1]], [made[0]]]


def test_actions_are_listed_by_their_execution_newest_first(beyond_moto: Clients) -> None:
    make_pipeline(beyond_moto, "acting")
    start(beyond_moto, "acting", "other")
    made = start(beyond_moto, "acting", "c0ffee")
    found = client(beyond_moto).list_action_executions(
        pipelineName="acting", filter={"pipelineExecutionId": made}
    )["actionExecutionDetails"]
    assert [each["stageName"] for each in found] == ["staging", "Source"]
    assert found[0]["input"]["actionTypeId"]["provider"] == "CodeDeploy"
