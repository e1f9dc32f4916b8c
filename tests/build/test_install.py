"""Before a build: everything that it stands on is looked for, and what lacks is named."""

import pytest

from tests.build.world import World


def test_layers_are_cached_in_their_repository_where_there_is_buildx(world: World) -> None:
    result = world.steps("install")
    assert "layers are cached in" in result.stdout
    assert world.calls("docker buildx create") == [
        "docker buildx create --name slipway --driver docker-container"
    ]


def test_a_docker_without_buildx_is_said_and_does(world: World) -> None:
    world.set(buildx=False)
    result = world.steps("install")
    assert "docker has no buildx" in result.stdout


def test_a_builder_that_does_not_start_is_said_and_the_build_goes_on_without(world: World) -> None:
    world.refuse("docker buildx inspect --bootstrap", "toomanyrequests: pull rate limit")
    result = world.steps("install", "test")
    assert world.calls("docker build --file")
    assert "toomanyrequests" in world.step("install").stdout
    assert result.returncode == 0


@pytest.mark.parametrize("registry", ["127.0.0.1:5000", "localhost:5000"])
def test_a_registry_on_this_machine_is_out_of_a_builders_reach(world: World, registry: str) -> None:
    world.steps("install", "test", REGISTRY=registry)
    assert not world.calls("docker buildx")
    assert world.calls("docker build --file")


def test_all_variables_that_are_missing_are_named_at_once(world: World) -> None:
    result = world.step("install", REGISTRY="", REVISIONS="")
    assert result.returncode == 1
    assert "build failed at: install dependencies" in result.stderr
    assert "not set: REGISTRY REVISIONS" in result.stderr
    assert "next: deploy the delivery stack again" in result.stderr


def test_a_build_without_a_commit_is_tagged_with_its_id(world: World) -> None:
    assert "tagged my-app-build-8c1d" in world.steps("install", COMMIT="").stdout


@pytest.mark.parametrize("commit", ["#{SourceVariables.CommitId}", "latest", "-x", "a" * 129])
def test_what_cannot_be_a_commits_tag_is_refused_once_and_before_anything_is_built(
    world: World, commit: str
) -> None:
    result = world.step("install", COMMIT=commit)
    assert result.returncode == 1
    assert result.stderr.count("build failed at") == 1
    assert f"cannot be tagged with '{commit}'" in result.stderr


def test_without_commit_and_build_id_there_is_no_tag(world: World) -> None:
    result = world.step("install", COMMIT="", CODEBUILD_BUILD_ID="")
    assert "neither COMMIT nor CODEBUILD_BUILD_ID is set" in result.stderr


def test_a_docker_that_does_not_answer_is_explained(world: World) -> None:
    world.refuse("docker version", "Cannot connect to the Docker daemon")
    result = world.step("install")
    assert result.returncode == 1
    assert "why:  Cannot connect to the Docker daemon" in result.stderr
    assert "privileged_mode" in result.stderr


def test_what_an_earlier_build_left_is_gone(pushed: World) -> None:
    pushed.steps("install")
    result = pushed.step("latest")
    assert result.returncode == 1
    assert "no image was pushed" in result.stderr


def test_a_missing_program_is_named(world: World) -> None:
    (world.file.parent / "bin" / "aws").unlink()
    result = world.step("install", PATH=f"{world.file.parent / 'bin'}:/usr/bin:/bin")
    assert result.returncode == 1
    assert "not installed: aws" in result.stderr
