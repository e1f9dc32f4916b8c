"""Requests whose values fit one by one and not together: for each rule one that is taken, one not."""

import base64
from typing import Any

import pytest

from local.emulator.strict import wholes
from local.emulator.strict.refusals import Refusal
from local.emulator.strict.region import EmulatedRegion
from local.emulator.strict.wholes import WHOLES
from tests.local.emulator.clients import ACCOUNT, REGION
from tests.local.emulator.strict.requests import request

Parameters = dict[str, Any]


def action(name: str, category: str, provider: str = "CodeBuild", **artifacts: str) -> Parameters:
    types = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    named = {f"{which}Artifacts": [{"name": artifact}] for which, artifact in artifacts.items()}
    return {"name": name, "actionTypeId": types, **named}


def pipeline(*actions: Parameters, **more: object) -> Parameters:
    """A pipeline with a stage for each action."""
    stages = [{"name": each["name"], "actions": [each]} for each in actions]
    return {"pipeline": {"name": "p", "stages": stages, **more}}


def template(size: int) -> Parameters:
    return {"LaunchTemplateData": {"UserData": base64.b64encode(b"a" * size).decode()}}


def checked(timeout: int, interval: int) -> Parameters:
    return {"HealthCheckTimeoutSeconds": timeout, "HealthCheckIntervalSeconds": interval}


def alarm(**parameters: object) -> Parameters:
    return {"EvaluationPeriods": 3, **parameters}


def project(image: str, kind: str) -> Parameters:
    return {"environment": {"image": f"aws/codebuild/amazonlinux-{image}-standard:3.0", "type": kind}}


SOURCE = action("Source", "Source", "CodeStarSourceConnection", output="source")
BUILD = action("Build", "Build", input="source", output="build")
DEPLOY = action("Deploy", "Deploy", input="build")
TRIGGER = {"gitConfiguration": {"sourceActionName": "Source"}}

TRIED: list[tuple[str, Parameters, Parameters, str]] = [
    ("elbv2:CreateTargetGroup", checked(5, 10), checked(10, 10), "smaller than"),
    ("elbv2:ModifyTargetGroup", checked(5, 10), checked(10, 5), "smaller than"),
    ("elbv2:CreateListener", {"Protocol": "HTTP"}, {"Protocol": "HTTPS"}, "certificate must be specified"),
    ("ec2:CreateLaunchTemplate", template(16384), template(16385), "limited to 16384 bytes"),
    ("ec2:CreateLaunchTemplateVersion", template(10), template(20000), "limited to 16384 bytes"),
    ("iam:CreatePolicy", {"PolicyDocument": "a " * 6144}, {"PolicyDocument": "a" * 6145}, "PolicySize: 6144"),
    ("iam:CreatePolicyVersion", {"PolicyDocument": "a"}, {"PolicyDocument": "a" * 6145}, "PolicySize"),
    (
        "iam:CreateRole",
        {"AssumeRolePolicyDocument": "a" * 2048},
        {"AssumeRolePolicyDocument": "a" * 2049},
        "ACLSizePerRole: 2048",
    ),
    ("iam:UpdateAssumeRolePolicy", {"PolicyDocument": "a"}, {"PolicyDocument": "a" * 2049}, "ACLSize"),
    (
        "iam:PutRolePolicy",
        {"RoleName": "r", "PolicyName": "p", "PolicyDocument": "a" * 10240},
        {"RoleName": "r", "PolicyName": "p", "PolicyDocument": "a" * 10241},
        "10240 bytes exceeded for role r",
    ),
    ("logs:PutRetentionPolicy", {"retentionInDays": 30}, {"retentionInDays": 31}, "Valid values are"),
    ("cloudwatch:PutMetricAlarm", alarm(Period=60), alarm(Period=90), "multiple of 60"),
    ("cloudwatch:PutMetricAlarm", alarm(Period=3600), alarm(Period=1800, EvaluationPeriods=49), "a day"),
    (
        "cloudwatch:PutMetricAlarm",
        alarm(Metrics=[{"Id": "a", "ReturnData": False}, {"Id": "b"}]),
        alarm(Metrics=[{"Id": "a"}, {"Id": "b"}]),
        "Exactly one element",
    ),
    (
        "codebuild:CreateProject",
        project("aarch64", "ARM_CONTAINER"),
        project("aarch64", "LINUX_CONTAINER"),
        "not for the environment type LINUX_CONTAINER",
    ),
    (
        "codebuild:UpdateProject",
        project("x86_64", "LINUX_CONTAINER"),
        project("x86_64", "ARM_CONTAINER"),
        "not for the environment type ARM_CONTAINER",
    ),
    *(
        (call, good, bad, words)
        for call in ("codepipeline:CreatePipeline", "codepipeline:UpdatePipeline")
        for good, bad, words in (
            (pipeline(SOURCE, BUILD), pipeline(SOURCE), "minimum of 2 stages"),
            (
                pipeline(SOURCE, BUILD, DEPLOY),
                pipeline(SOURCE, DEPLOY),
                "Input artifact build of action Deploy",
            ),
            (pipeline(SOURCE, BUILD), pipeline(BUILD, SOURCE), "Only the first stage"),
            (pipeline(SOURCE, BUILD), pipeline(SOURCE, BUILD, BUILD), "Stage names must be unique"),
            (
                pipeline(SOURCE, BUILD),
                pipeline(SOURCE, BUILD, action("Again", "Build", output="build")),
                "made by more than one",
            ),
            (
                pipeline(SOURCE, BUILD, pipelineType="V2", triggers=[TRIGGER]),
                pipeline(SOURCE, BUILD, pipelineType="V1", triggers=[TRIGGER]),
                "type V2",
            ),
        )
    ),
    (
        "s3:PutBucketPolicy",
        {"Policy": '{"Statement": [{"Principal": "*"}]}'},
        {"Policy": '{"Statement": [{}]}'},
        "Missing required field Principal",
    ),
    ("s3:PutBucketPolicy", {"Policy": "{}"}, {"Policy": "{"}, "must be valid JSON"),
]


@pytest.mark.parametrize(("call", "good", "bad", "words"), TRIED)
def test_values_have_to_fit_together(call: str, good: Parameters, bad: Parameters, words: str) -> None:
    region = EmulatedRegion(ACCOUNT, REGION)
    wholes.check(region, request(call, **good))
    with pytest.raises(Refusal, match=words):
        wholes.check(region, request(call, **bad))


def test_every_rule_is_tried() -> None:
    assert {call for whole in WHOLES for call in whole.calls} == {call for call, *_ in TRIED}
