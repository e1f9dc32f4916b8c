from typing import Any

from constructs_lib.testing import Testing, resource, resources, statements

from cdktf_cdktf_provider_aws.codebuild_project import CodebuildProject

from tests.constructs_lib.building import ACCOUNT, REGION
from tests.constructs_lib.samples import SHARED_KEY, build_project, trust


def project() -> dict[str, Any]:
    return resource(Testing.synth_scope(build_project), CodebuildProject)


def test_source_and_artifacts_are_the_pipelines() -> None:
    assert project()["source"] == {"type": "CODEPIPELINE", "buildspec": "buildspec.yml"}
    assert project()["artifacts"] == {"type": "CODEPIPELINE"}


def test_docker_can_run_in_a_build() -> None:
    assert project()["environment"]["privileged_mode"] is True


def test_an_x86_image_is_built_on_x86() -> None:
    environment = project()["environment"]

    assert environment["type"] == "LINUX_CONTAINER"
    assert environment["image"] == "aws/codebuild/amazonlinux-x86_64-standard:5.0"


def test_an_arm_image_is_built_on_arm() -> None:
    synthesised = Testing.synth_scope(lambda stack: build_project(stack, "arm64"))

    environment = resource(synthesised, CodebuildProject)["environment"]
    assert environment["type"] == "ARM_CONTAINER"
    assert environment["image"] == "aws/codebuild/amazonlinux-aarch64-standard:3.0"


def test_each_build_gets_the_variables() -> None:
    variables = project()["environment"]["environment_variable"]

    assert variables == [
        {"name": "SERVICE", "value": "my-app"},
        {"name": "ARCHITECTURE", "value": "x86_64"},
    ]


def test_builds_write_to_a_log_group_that_exists_already() -> None:
    assert project()["logs_config"] == {
        "cloudwatch_logs": {"status": "ENABLED", "group_name": "/my-app/delivery/build"}
    }


def test_a_build_may_write_its_log_and_do_nothing_else_by_itself() -> None:
    (grant,) = resources(Testing.synth_scope(build_project), "aws_iam_role_policy").values()
    (only,) = statements(grant)

    assert only["Resource"][0].startswith("${aws_cloudwatch_log_group.log_")


def test_what_a_build_makes_is_encrypted_with_the_key() -> None:
    assert project()["encryption_key"] == SHARED_KEY.reference


def test_a_build_is_stopped_after_half_an_hour() -> None:
    assert project()["build_timeout"] == 30


def test_codebuild_may_assume_the_role_for_this_project_only() -> None:
    assert trust(Testing.synth_scope(build_project)) == {
        "Effect": "Allow",
        "Principal": {"Service": ["codebuild.amazonaws.com"]},
        "Action": ["sts:AssumeRole"],
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:codebuild:{REGION}:{ACCOUNT}:project/my-app-build"},
        },
    }
