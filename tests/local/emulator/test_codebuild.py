"""Gap: projects that a pipeline feeds, and changes to projects."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.emulator.clients import ACCOUNT, REGION, Clients
from tests.local.emulator.roles import role

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0b1c2d3e"


def make_project(aws: Clients, name: str, *, source: str = "CODEPIPELINE", **more: object) -> None:
    aws.untyped("codebuild").create_project(
        name=name,
        description="builds",
        source={"type": source, "buildspec": "buildspec.yml"},
        artifacts={"type": "CODEPIPELINE" if source == "CODEPIPELINE" else "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        serviceRole=role(aws, "build", "codebuild"),
        **more,
    )


def project(aws: Clients, name: str) -> dict[str, Any]:
    (found,) = aws.untyped("codebuild").batch_get_projects(names=[name])["projects"]
    return dict(found)


@pytest.mark.parametrize("source", ["CODEPIPELINE", "NO_SOURCE"])
def test_a_source_that_has_no_location_needs_none(beyond_moto: Clients, source: str) -> None:
    name = f"from-{source.replace('_', '-').lower()}"
    make_project(beyond_moto, name, source=source)
    assert project(beyond_moto, name)["source"]["type"] == source


def test_a_source_that_has_a_location_needs_it(aws: Clients) -> None:
    with pytest.raises(ClientError, match="location is required"):
        make_project(aws, "from-github", source="GITHUB")


def test_the_encryption_key_and_the_limits_read_back(beyond_moto: Clients) -> None:
    make_project(beyond_moto, "encrypted", encryptionKey=KEY, concurrentBuildLimit=1)
    found = project(beyond_moto, "encrypted")
    assert (found["encryptionKey"], found["concurrentBuildLimit"]) == (KEY, 1)


def test_an_update_changes_what_it_gives_and_leaves_the_rest(beyond_moto: Clients) -> None:
    make_project(beyond_moto, "updated", timeoutInMinutes=20)
    beyond_moto.untyped("codebuild").update_project(name="updated", description="builds better")
    found = project(beyond_moto, "updated")
    assert (found["description"], found["timeoutInMinutes"]) == ("builds better", 20)


def test_a_project_that_is_not_there_cannot_be_updated(aws: Clients) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        aws.untyped("codebuild").update_project(name="missing", description="")


def test_a_project_can_be_deleted_by_its_arn(beyond_moto: Clients) -> None:
    make_project(beyond_moto, "deleted")
    beyond_moto.untyped("codebuild").delete_project(name=project(beyond_moto, "deleted")["arn"])
    assert "deleted" not in beyond_moto.untyped("codebuild").list_projects()["projects"]
