"""Pulling the base image, once, before anything is built on it."""

import pytest

from tests.build.world import BASE, World

THROTTLED = "toomanyrequests: Rate exceeded"


def test_it_is_the_one_that_the_dockerfile_names(installed: World) -> None:
    (installed.root / "app" / "Dockerfile").write_text(f"ARG BASE_IMAGE={BASE}\nFROM ${{BASE_IMAGE}}\n")
    installed.steps("base_image")
    assert installed.calls("docker pull") == [f"docker pull {BASE}"]


def test_it_is_the_one_that_is_given(installed: World) -> None:
    installed.steps("base_image", BASE_IMAGE=BASE)
    assert installed.calls("docker pull") == [f"docker pull {BASE}"]


def test_one_that_is_here_is_not_asked_for_again(installed: World) -> None:
    installed.steps("base_image", "base_image", BASE_IMAGE=BASE)
    assert len(installed.calls("docker pull")) == 1


@pytest.mark.parametrize("dockerfile", ["FROM python\n", "ARG BASE_IMAGE=scratch\nFROM ${BASE_IMAGE}\n"])
def test_a_dockerfile_that_names_none_leaves_it_to_docker(installed: World, dockerfile: str) -> None:
    (installed.root / "app" / "Dockerfile").write_text(dockerfile)
    assert "docker build pulls the base image" in installed.steps("base_image").stdout
    assert not installed.calls("docker pull")


def test_a_throttled_one_is_asked_for_again(installed: World) -> None:
    installed.refuse("docker pull", THROTTLED, times=3)
    installed.steps("base_image", BASE_IMAGE=BASE)
    assert installed.slept == [5, 10, 20]


def test_one_that_stays_throttled_is_named_as_that(installed: World) -> None:
    installed.refuse("docker pull", THROTTLED)
    result = installed.step("base_image", BASE_IMAGE=BASE)
    assert result.returncode == 1
    assert f"the base image {BASE} cannot be pulled: request rate exceeded (throttled)" in result.stderr
    assert "start the build again in a few minutes" in result.stderr


def test_one_that_is_not_there_is_explained(installed: World) -> None:
    result = installed.step("base_image", BASE_IMAGE="registry.example/python:3")
    assert result.returncode == 1
    assert "manifest unknown" in result.stderr
    assert "check that registry.example can be reached and has the image" in result.stderr
    assert installed.slept == []
