"""Running the service's tests: a stage of its Dockerfile."""

import pytest

from tests.build.world import World, cached


def test_the_tests_are_the_dockerfiles_stage_test(installed: World) -> None:
    installed.steps("test")
    (call,) = installed.calls("docker buildx build")
    assert call.endswith("--file app/Dockerfile --target test app")


def test_their_layers_have_a_cache_tag_of_their_own(installed: World) -> None:
    installed.steps("test")
    (call,) = installed.calls("docker buildx build")
    assert cached("test") in call


def test_tests_that_fail_end_the_build(installed: World) -> None:
    installed.refuse("docker buildx build", "1 failed in 0.12s")
    result = installed.step("test")
    assert result.returncode == 1
    assert "1 failed" in result.stderr
    assert "build failed at: run the tests" in result.stderr


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
    assert installed.calls("docker buildx build")


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
    assert not installed.calls("docker buildx build")
