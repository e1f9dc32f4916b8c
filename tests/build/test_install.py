"""Before a build: everything that it stands on is looked for, and what lacks is named."""

import pytest

from tests.build.world import COMMIT, IMAGES, World


def test_layers_are_cached_in_their_repository_and_nothing_of_the_probe_stays(world: World) -> None:
    result = world.steps("install")
    assert "layers are cached in" in result.stdout
    assert world.calls("docker image rm") == ["docker image rm a-probe"]


def test_a_docker_without_buildkit_is_said_and_does(world: World) -> None:
    world.set(buildkit=False)
    result = world.steps("install")
    assert "the buildx component is missing or broken" in result.stdout
    assert "this Docker has no BuildKit" in result.stdout
    world.steps("login", "test", "build", "push")
    assert world.calls("docker push") == [f"docker push {IMAGES}:{COMMIT}"]


@pytest.mark.parametrize("registry", ["127.0.0.1:5000", "localhost:5000"])
def test_a_registry_on_this_machine_is_one_as_any_other(world: World, registry: str) -> None:
    cache = f"{registry}/my-app-cache"
    world.steps("install", "test", REGISTRY=registry, CACHE_REPOSITORY=cache)
    assert world.calls(f"docker build --cache-from {cache}:test")
    assert world.calls("docker push") == [f"docker push {cache}:test"]


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
