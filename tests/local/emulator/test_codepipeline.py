"""Gap: pipelines whose times can be read, and whose role may trust a list of services."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.local.emulator.clients import ACCOUNT, Clients


def make_pipeline(aws: Clients, name: str, trusted: str | list[str] = "codepipeline.amazonaws.com") -> None:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": trusted}}
    aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))
    stages = [("source", "Source", "S3"), ("approval", "Approval", "Manual")]
    aws.untyped("codepipeline").create_pipeline(
        pipeline={
            "name": name,
            "roleArn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
            "artifactStore": {"type": "S3", "location": "artifacts"},
            "stages": [
                {
                    "name": stage,
                    "actions": [
                        {
                            "name": stage,
                            "actionTypeId": {
                                "category": category,
                                "owner": "AWS",
                                "provider": provider,
                                "version": "1",
                            },
                        }
                    ],
                }
                for stage, category, provider in stages
            ],
        }
    )


def test_a_pipelines_times_are_numbers(beyond_moto: Clients) -> None:
    make_pipeline(beyond_moto, "timed")
    answer = beyond_moto.raw("codepipeline", "CodePipeline_20150709.GetPipeline", {"name": "timed"})
    assert isinstance(answer["metadata"]["created"], float)
    assert isinstance(answer["metadata"]["updated"], float)


def test_a_pipelines_role_may_trust_a_list_of_services(beyond_moto: Clients) -> None:
    make_pipeline(beyond_moto, "listed", trusted=["codepipeline.amazonaws.com"])
    found = beyond_moto.untyped("codepipeline").get_pipeline(name="listed")
    assert found["pipeline"]["name"] == "listed"


def test_a_pipelines_role_must_trust_codepipeline(aws: Clients) -> None:
    with pytest.raises(ClientError, match="not authorized to perform AssumeRole"):
        make_pipeline(aws, "untrusted", trusted=["codebuild.amazonaws.com"])
