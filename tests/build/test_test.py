"""Running the service's tests: a stage of its Dockerfile."""

import pytest

from tests.build.world import BASE, CACHE, CACHED, World

BUILD = "docker build --cache-from"


def test_the_tests_are_the_dockerfiles_stage_test(installed: World) -> None:
    installed.steps("test")
    (call,) = installed.calls(BUILD)
    assert f"--file app/Dockerfile --target test --tag {CACHE} " in call


def test_what_they_stand_on_comes_from_the_cache_and_is_kept_there_once_they_pass(installed: World) -> None:
    result = installed.steps("test")
    (call,) = installed.calls(BUILD)
    assert CACHED in call
    assert "--build-arg BUILDKIT_INLINE_CACHE=1" in call
    assert installed.calls("docker push") == [f"docker push {CACHE}"]
    assert f"its layers are kept in {CACHE}" in result.stdout


def test_a_cache_that_cannot_be_written_fails_nothing(installed: World) -> None:
    installed.refuse("docker push", "toomanyrequests: Rate exceeded")
    result = installed.steps("test")
    assert "the cache cannot be written: the next build will be slower" in result.stdout
    assert "toomanyrequests" in result.stdout


def test_tests_that_fail_end_the_build_and_are_run_once(installed: World) -> None:
    installed.refuse(
        BUILD, f"#9 0.4 1 failed\n{CACHE}\nexecutor failed running [/bin/sh -c pytest]: exit code: 1"
    )
    result = installed.step("test")
    assert result.returncode == 1
    assert "1 failed" in result.stderr
    assert "build failed at: run the tests" in result.stderr
    assert len(installed.calls("docker build --")) == 2  # the probe, and this
    assert not installed.calls("docker push")


REFUSED = "failed with status code [manifests 3.13-slim-trixie]: 429 Too Many Requests"
THROTTLED = f"""#3 [internal] load metadata for {BASE}
------
failed to solve: pulling from host public.ecr.aws {REFUSED}"""


def test_a_base_image_that_is_throttled_is_asked_for_again(installed: World) -> None:
    installed.refuse(BUILD, THROTTLED, times=2)
    assert "the tests pass" in installed.steps("test").stdout
    assert installed.slept == [5, 10]


def test_a_throttle_is_named_as_one_and_not_as_tests_that_fail(installed: World) -> None:
    installed.refuse(BUILD, THROTTLED)
    result = installed.step("test")
    assert result.returncode == 1
    assert "the stage test cannot be built: request rate exceeded (throttled)" in result.stderr
    assert "the tests failed" not in result.stderr
    assert len(installed.slept) == 4


def test_what_took_429_milliseconds_is_no_throttle(installed: World) -> None:
    installed.refuse(BUILD, "#7 0.429 done\nERROR: failed to solve: failed to compute cache key: not found")
    result = installed.step("test")
    assert installed.slept == []
    assert "throttled" not in result.stderr


def test_tests_that_fail_over_a_throttle_of_their_own_are_not_run_again(installed: World) -> None:
    installed.refuse(
        BUILD,
        "#9 assert 429 == 200: Too Many Requests\n------\n > [test 2/2] RUN pytest:\n------\n"
        'ERROR: failed to solve: process "pytest" did not complete successfully: exit code: 1',
    )
    result = installed.step("test")
    assert installed.slept == []
    assert "docker build failed at [test 2/2] RUN pytest; its output is above" in result.stderr


@pytest.mark.parametrize(
    "dockerfile",
    [
        "from scratch as Test\n",
        "\tFROM  --platform=$BUILDPLATFORM\tscratch\tAS\ttest \n",
        "FROM scratch \\\n  AS test\n",
        "FROM \\ \n# of nothing\n\n  scratch \\\n\tAS \\\ntest\n",
        "FROM scratch AS base\r\nFROM base AS test\r\nFROM base\r\n",
        "# syntax=docker/dockerfile:1\n# escape=`\nFROM scratch `\n AS test\n",
        "RUN true \\\n  && true\nFROM scratch AS test",
    ],
)
def test_a_stage_is_found_however_docker_lets_it_be_written(installed: World, dockerfile: str) -> None:
    (installed.root / "app" / "Dockerfile").write_text(dockerfile, newline="")
    assert installed.step("test").returncode == 0
    assert installed.calls(BUILD)


@pytest.mark.parametrize(
    "dockerfile",
    [
        "FROM scratch\n",
        "# FROM scratch AS test\nFROM scratch\n",
        "FROM scratch AS tests\n",
        "FROM scratch AS test-base\n",
        "FROM test\n",
        "FROM scratch\nRUN echo \\\nFROM scratch AS test\n",
        "FROM scratch `\nAS test\n",
    ],
)
def test_a_dockerfile_without_tests_is_no_success(installed: World, dockerfile: str) -> None:
    (installed.root / "app" / "Dockerfile").write_text(dockerfile)
    result = installed.step("test")
    assert result.returncode == 1
    assert "app/Dockerfile has no stage named test" in result.stderr
    assert not installed.calls(BUILD)
