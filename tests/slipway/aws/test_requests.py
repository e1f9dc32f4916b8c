"""Requests that change what runs: each compared whole, and each one that AWS's own model takes."""

import json
from datetime import UTC, datetime

import boto3
import pytest
from botocore import xform_name
from botocore.validate import validate_parameters

from modules.config.names import Names
from slipway.aws import requests
from slipway.aws.codepipeline import Approval
from slipway.aws.requests import Request
from slipway.aws.revisions import RevisionLocation
from slipway.cli.dry_run import would_call
from slipway.releases.plan import Step, StepCondition
from tests.settings import minimal

NAMES = Names.of(minimal())
(STAGING,) = NAMES.environments
LOCATION = RevisionLocation(bucket="artifacts", key="my-app/Revision/a1b2c3", version="v1", etag="abc")
APPROVAL = Approval(
    stage="prod", action="Approve", token="12345678-90ab-cdef-1234-567890abcdef", execution="e-1"
)
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def deploy(*, override_alarms: bool = False, location: RevisionLocation = LOCATION) -> Request:
    return requests.create_deployment(
        STAGING, "my-app", location, description="why", override_alarms=override_alarms
    )


def test_a_revision_is_deployed_from_its_exact_place_and_version() -> None:
    assert deploy() == Request(
        service="codedeploy",
        operation="CreateDeployment",
        parameters={
            "applicationName": "my-app",
            "deploymentGroupName": "my-app-staging",
            "revision": {
                "revisionType": "S3",
                "s3Location": {
                    "bucket": "artifacts",
                    "key": "my-app/Revision/a1b2c3",
                    "bundleType": "zip",
                    "version": "v1",
                    "eTag": "abc",
                },
            },
            "description": "why",
        },
    )


def test_what_is_not_known_of_its_place_is_not_said() -> None:
    revision = deploy(location=RevisionLocation(bucket="b", key="k")).parameters["revision"]
    assert revision == {
        "revisionType": "S3",
        "s3Location": {"bucket": "b", "key": "k", "bundleType": "zip"},
    }


def test_alarms_are_overridden_by_switching_them_off_for_this_deployment() -> None:
    with_alarms, without = deploy().parameters, deploy(override_alarms=True).parameters
    assert without == {**with_alarms, "overrideAlarmConfiguration": {"enabled": False}}


def test_a_deployment_is_stopped_with_its_way_back() -> None:
    assert requests.stop_deployment("d-1") == Request(
        service="codedeploy",
        operation="StopDeployment",
        parameters={"deploymentId": "d-1", "autoRollbackEnabled": True},
    )


def test_the_way_into_an_environment_is_closed_with_a_reason() -> None:
    assert requests.disable_transition(NAMES, "staging", "bad release") == Request(
        service="codepipeline",
        operation="DisableStageTransition",
        parameters={
            "pipelineName": "my-app",
            "stageName": "staging",
            "transitionType": "Inbound",
            "reason": "bad release",
        },
    )


def test_the_way_into_an_environment_is_opened() -> None:
    assert requests.enable_transition(NAMES, "staging") == Request(
        service="codepipeline",
        operation="EnableStageTransition",
        parameters={"pipelineName": "my-app", "stageName": "staging", "transitionType": "Inbound"},
    )


def test_an_approval_is_answered_with_its_token() -> None:
    assert requests.put_approval_result(NAMES, APPROVAL, "Rejected", "not today") == Request(
        service="codepipeline",
        operation="PutApprovalResult",
        parameters={
            "pipelineName": "my-app",
            "stageName": "prod",
            "actionName": "Approve",
            "result": {"status": "Rejected", "summary": "not today"},
            "token": APPROVAL.token,
        },
    )


def test_the_reason_of_a_pause_says_who_what_when_why_and_how_to_go_on() -> None:
    assert requests.pause_reason("prod", "9b1c77e20a54ffff", "anna", AT, "checkout is down") == (
        "anna deployed 9b1c77e20a54 to prod on 2026-11-23 at 09.30 UTC because checkout is down - "
        "to resume run slipway resume --env prod"
    )


def test_a_reason_has_only_the_characters_that_codepipeline_takes() -> None:
    assert requests.as_reason('a/b: "c", d_e\n') == "a-b- -c-- d-e-"


def test_a_reason_is_no_longer_than_codepipeline_takes() -> None:
    assert len(requests.as_reason("x" * 1000)) == 300


def test_the_summary_of_an_answer_is_no_longer_than_codepipeline_takes() -> None:
    result = requests.put_approval_result(NAMES, APPROVAL, "Approved", "x" * 1000).parameters["result"]
    assert result == {"status": "Approved", "summary": "x" * 512}


@pytest.mark.parametrize(
    "request_",
    [
        deploy(override_alarms=True),
        requests.stop_deployment("d-1"),
        requests.disable_transition(NAMES, "staging", "why"),
        requests.enable_transition(NAMES, "staging"),
        requests.put_approval_result(NAMES, APPROVAL, "Approved", ""),
    ],
    ids=lambda request: request.operation,
)
def test_awss_own_model_takes_each_request(request_: Request) -> None:
    client = boto3.client(
        request_.service, region_name="eu-central-1", aws_access_key_id="-", aws_secret_access_key="-"
    )
    model = client.meta.service_model.operation_model(request_.operation)
    assert hasattr(client, xform_name(request_.operation))
    assert model.input_shape is not None
    validate_parameters(request_.parameters, model.input_shape)


def test_a_dry_run_prints_all_that_would_be_said_and_when(capsys: pytest.CaptureFixture[str]) -> None:
    would_call([Step(requests.stop_deployment("d-1"), StepCondition.NOTHING_DEPLOYED)])
    assert json.loads(capsys.readouterr().out) == {
        "service": "codedeploy",
        "operation": "StopDeployment",
        "parameters": {"deploymentId": "d-1", "autoRollbackEnabled": True},
        "condition": "only if AWS refused an earlier step, unless another deployment had started",
    }
