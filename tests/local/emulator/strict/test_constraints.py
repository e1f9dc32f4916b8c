"""Requests against AWS's own API models, in AWS's words."""

import pytest
from moto.core.utils import get_service_model

from local.emulator.strict.constraints import ModelCheck, Oddity, examine, words


def examined(service: str, operation: str, **parameters: object) -> ModelCheck:
    return examine(get_service_model(service).operation_model(operation).input_shape, parameters)


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "value", "must"),
    [
        (
            "iam",
            "CreateRole",
            {"RoleName": "a b", "AssumeRolePolicyDocument": "{}"},
            "'a b' at 'roleName'",
            r"satisfy regular expression pattern: [\w+=,.@-]+",
        ),
        (
            "ecr",
            "CreateRepository",
            {"repositoryName": "a"},
            "'a' at 'repositoryName'",
            "have length greater than or equal to 2",
        ),
        (
            "codepipeline",
            "CreatePipeline",
            {"pipeline": {"name": "p", "stages": []}},
            "null at 'pipeline.roleArn'",
            "not be null",
        ),
        (
            "elbv2",
            "CreateTargetGroup",
            {"Name": "web", "HealthCheckIntervalSeconds": 3},
            "'3' at 'healthCheckIntervalSeconds'",
            "have value greater than or equal to 5",
        ),
        (
            "kms",
            "CreateKey",
            {"Tags": [{"TagKey": "a" * 129, "TagValue": ""}]},
            f"'{'a' * 128}' at 'tags.1.member.tagKey'",
            "have length less than or equal to 128",
        ),
    ],
)
def test_what_the_model_does_not_allow_is_said_as_aws_says_it(
    service: str, operation: str, parameters: dict[str, object], value: str, must: str
) -> None:
    found = examined(service, operation, **parameters)
    said = f"Value {value} failed to satisfy constraint: Member must {must}"
    assert words(found.violations) == f"1 validation error detected: {said}"


def test_every_violation_is_said() -> None:
    found = examined("ecr", "CreateRepository", repositoryName="A")
    assert words(found.violations).startswith("2 validation errors detected: Value 'A' at 'repositoryName'")


def test_a_value_that_is_allowed_is_not_mentioned() -> None:
    found = examined("ecr", "CreateRepository", repositoryName="my-app", imageTagMutability="MUTABLE")
    assert found == ModelCheck()


def test_an_enums_unknown_value_is_something_to_look_up_and_no_violation() -> None:
    """Enums lag the service: a policy for TLS or a size of computer is often newer than the model."""
    found = examined("ecr", "CreateRepository", repositoryName="my-app", imageTagMutability="SOMETIMES")
    assert found == ModelCheck(oddities=[Oddity("imageTagMutability", "SOMETIMES", "ImageTagMutability")])
