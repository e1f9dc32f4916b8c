"""Gap: pipelines whose times can be read."""

import json

from tests.slipway.emulator.clients import ACCOUNT, Clients


def make_pipeline(aws: Clients, name: str) -> None:
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "codepipeline.amazonaws.com"},
    }
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
