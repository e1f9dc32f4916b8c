"""Building the image, pushing it under its commit, and moving latest."""

import re

import pytest

from tests.build.world import CACHE, CACHED, COMMIT, IMAGES, ROOT, World

REFERENCE = f"{IMAGES}:{COMMIT}"
LATEST = f"{IMAGES}:latest"
BUILD = "docker build --cache-from"
THROTTLED = f"httpReadSeeker: failed open: unexpected status code https://{IMAGES}/blobs/sha256:1: 429"


def test_an_image_is_built_with_its_commit_and_tagged_with_it_and_latest(built: World) -> None:
    (call,) = built.calls(BUILD)
    assert re.search(rf"--build-arg COMMIT={COMMIT} --build-arg BUILT_AT=\S+Z --tag {REFERENCE} ", call)
    assert built.state["local"][LATEST] == built.state["local"][REFERENCE]


def test_an_image_is_labelled_with_its_commit_and_with_when_it_was_built() -> None:
    *_, image = (ROOT / "app" / "Dockerfile").read_text().split("\nFROM ")
    assert 'LABEL org.opencontainers.image.revision="${COMMIT}"' in image
    assert 'org.opencontainers.image.created="${BUILT_AT}"' in image


def test_layers_come_from_the_stage_test_and_from_the_image_before(built: World) -> None:
    (call,) = built.calls(BUILD)
    assert call.startswith(f"docker build {CACHED} ")


def test_an_image_tells_the_next_build_which_layers_it_has(built: World) -> None:
    (call,) = built.calls(BUILD)
    assert "--build-arg BUILDKIT_INLINE_CACHE=1" in call


def test_nothing_is_fetched_to_build_with(built: World) -> None:
    assert not built.calls("docker buildx")
    assert not built.calls("docker run")


def test_a_cache_that_cannot_be_read_is_told_and_the_build_goes_on(installed: World) -> None:
    installed.set(says=f"#7 importing cache manifest from {CACHE}\n#7 ERROR: {THROTTLED}\n#8 DONE 0.1s\n")
    result = installed.steps("build")
    assert f"the cache cannot be read, so more layers were built than necessary: {THROTTLED}" in result.stdout


def test_that_there_is_no_cache_yet_is_no_trouble(installed: World) -> None:
    installed.set(says=f"#7 importing cache manifest from {CACHE}\n#7 ERROR: {CACHE}: not found\n")
    assert "  ! " not in installed.steps("build").stdout


def test_a_layer_that_the_cache_promised_and_cannot_give_is_built_anew(installed: World) -> None:
    installed.refuse(BUILD, f"ERROR: failed to solve: failed to compute cache key: {THROTTLED}")
    result = installed.steps("build")
    assert "every layer is built again" in result.stdout
    (call,) = installed.calls("docker build --no-cache")
    assert "--cache-from" not in call
    assert REFERENCE in installed.state["local"]


@pytest.mark.parametrize("step", ["pull", "push"])
@pytest.mark.parametrize(
    "said",
    [
        "toomanyrequests: Rate exceeded",
        "received unexpected HTTP status: 503 Service Unavailable",
        "unexpected status from HEAD request to https://registry/v2/: 429 Too Many Requests",
        "read tcp 10.0.0.1:443: connection reset by peer",
    ],
)
def test_what_a_registry_refuses_for_the_moment_is_asked_again(built: World, step: str, said: str) -> None:
    built.refuse(f"docker {step}", said, times=2)
    result = built.steps("push")
    assert f"attempt 2 of 5 failed, the next in 10 s: {said}" in result.stdout
    assert built.slept == [5, 10]
    assert REFERENCE in built.state["registry"]


def test_waits_can_be_shorter(built: World) -> None:
    built.refuse("docker push", "toomanyrequests", times=2)
    built.steps("push", RETRY_SECONDS="0")
    assert built.slept == [0, 0]


@pytest.mark.parametrize("step", ["pull", "push"])
def test_a_registry_that_goes_on_throttling_is_named_as_that(built: World, step: str) -> None:
    built.refuse(f"docker {step}", "toomanyrequests: Rate exceeded")
    result = built.step("push")
    assert result.returncode == 1
    assert "request rate exceeded (throttled)\n  why:  toomanyrequests" in result.stderr
    assert "start the build again in a few minutes" in result.stderr
    assert len(built.slept) == 4


def test_what_will_be_refused_again_is_not_asked_again(built: World) -> None:
    built.refuse("docker push", "denied: User is not authorized to perform: ecr:PutImage")
    assert built.step("push").returncode == 1
    assert built.slept == []


def test_what_has_nothing_to_do_with_the_cache_is_not_built_again(installed: World) -> None:
    installed.refuse(BUILD, "ERROR: failed to solve: dockerfile parse error on line 3")
    assert installed.step("build").returncode == 1
    assert len(installed.calls("docker build --")) == 2  # the probe, and this


def test_a_base_image_can_be_given(installed: World) -> None:
    installed.steps("build", BASE_IMAGE="localhost:5000/base")
    (call,) = installed.calls(BUILD)
    assert "--build-arg BASE_IMAGE=localhost:5000/base" in call


def test_without_buildkit_docker_builds(world: World) -> None:
    world.set(buildkit=False)
    world.steps("install", "build")
    (call,) = world.calls("docker build --file")
    assert call.startswith(f"docker build --file app/Dockerfile --build-arg COMMIT={COMMIT} ")
    assert call.endswith(f"--tag {REFERENCE} app")
    assert REFERENCE in world.state["local"]


def test_a_build_pushes_nothing(built: World) -> None:
    assert built.state["registry"] == {}


def test_a_build_that_fails_says_so_and_tags_nothing(installed: World) -> None:
    installed.refuse(BUILD, "failed to solve: process did not complete")
    result = installed.step("build")
    assert result.returncode == 1
    assert "build failed at: build the image" in result.stderr
    assert installed.state["local"] == {}


def test_an_image_for_another_architecture_is_refused(installed: World) -> None:
    result = installed.step("build", ARCHITECTURE="arm64")
    assert result.returncode == 1
    assert "the image is for amd64, the hosts are arm64" in result.stderr


def test_an_image_for_arm_hosts_is_built_on_arm(installed: World) -> None:
    installed.set(arch="arm64")
    installed.steps("build", ARCHITECTURE="arm64")


def test_the_commits_tag_is_pushed_and_latest_is_not(pushed: World) -> None:
    assert list(pushed.state["registry"]) == [REFERENCE]


def test_a_commit_that_has_an_image_keeps_it(pushed: World) -> None:
    first = pushed.state["registry"][REFERENCE]
    pushed.steps("install")
    assert "used again" in pushed.steps("build").stdout
    assert "nothing is pushed" in pushed.steps("push").stdout
    pushed.steps("latest")
    assert len(pushed.calls(BUILD)) == 1
    assert pushed.calls("docker push") == [f"docker push {REFERENCE}", f"docker push {LATEST}"]
    assert pushed.state["registry"] == {REFERENCE: first, LATEST: first}


def test_an_image_that_another_build_of_the_commit_pushed_meanwhile_is_not_overwritten(
    built: World,
) -> None:
    other = {"digest": "sha256:" + "0" * 64, "created": "2026-11-23T05:00:00Z", "arch": "amd64"}
    built.set(registry={REFERENCE: other})
    built.steps("push", "scan", "latest")
    assert built.state["registry"] == {REFERENCE: other, LATEST: other}


def test_a_registry_that_cannot_be_asked_stops_the_build(installed: World) -> None:
    installed.refuse("docker pull", "dial tcp: lookup registry: no such host")
    result = installed.step("build")
    assert result.returncode == 1
    assert "cannot tell whether" in result.stderr
    assert "no such host" in result.stderr
    assert not installed.calls(BUILD)


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("denied: Your authorization token has expired. Reauthenticate", "next: log in again"),
        ("no basic auth credentials", "next: log in again"),
        ("name unknown: The repository does not exist in the registry", "deploy the foundation stack, which"),
        ("dial tcp 10.0.0.1:443: i/o timeout", "if it fails the same way, check that"),
    ],
)
def test_a_push_that_fails_says_what_to_do_about_it(built: World, said: str, advice: str) -> None:
    built.refuse("docker push", said)
    result = built.step("push")
    assert result.returncode == 1
    assert f"why:  {said}" in result.stderr
    assert advice in result.stderr


def test_a_push_that_is_denied_points_to_the_policies_and_is_told_once(built: World) -> None:
    built.refuse("docker push", "denied: User is not authorized to perform: ecr:InitiateLayerUpload")
    result = built.step("push")
    assert result.returncode == 1
    assert result.stderr.count("build failed at: push the image") == 1
    assert "needs permission in its own policy and in the repository's" in result.stderr
    assert built.step("latest").returncode == 1
    assert built.state["registry"] == {}


def test_latest_moves_to_what_was_pushed(pushed: World) -> None:
    pushed.steps("latest")
    registry = pushed.state["registry"]
    assert registry[LATEST] == registry[REFERENCE]


def test_nothing_is_pushed_after_an_earlier_phase_failed(built: World) -> None:
    for step in ("push", "scan", "latest", "package"):
        result = built.step(step, CODEBUILD_BUILD_SUCCEEDING="0")
        assert result.returncode == 1
        assert "an earlier phase of the build failed" in result.stderr
    assert built.state["registry"] == {}
