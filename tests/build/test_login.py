"""Logging in to ECR and, where the Dockerfile stands on an image from there, to ECR Public."""

import pytest

from tests.build.world import BASE, REGISTRY, World

THROTTLED = "An error occurred (ThrottlingException) when calling GetAuthorizationToken: Rate exceeded"
PUBLIC = "docker login --username AWS --password-stdin public.ecr.aws"


def test_the_password_goes_from_aws_to_docker_and_nowhere_else(world: World) -> None:
    result = world.steps("login")
    assert world.state["password"] == "the-token"
    assert world.calls("docker login") == [f"docker login --username AWS --password-stdin {REGISTRY}"]
    left = [file.read_text() for file in (world.root / "build").iterdir()]
    assert "the-token" not in "".join([result.stdout, result.stderr, *left])


def test_a_refused_password_is_explained(world: World) -> None:
    world.refuse("aws ecr get-login-password", "An error occurred (AccessDeniedException): no")
    result = world.step("login")
    assert result.returncode == 1
    assert "build failed at: log in to ECR" in result.stderr
    assert "AccessDeniedException" in result.stderr
    assert "ecr:GetAuthorizationToken" in result.stderr
    assert not world.calls("docker login")
    assert world.slept == []


def test_a_refused_login_is_explained(world: World) -> None:
    world.refuse("docker login", "Error response from daemon: 401 Unauthorized")
    result = world.step("login")
    assert result.returncode == 1
    assert "401 Unauthorized" in result.stderr


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("aws ecr get-login-password", THROTTLED),
        ("docker login", "login attempt to https://registry/v2/ failed with status: 429 Too Many Requests"),
        ("docker login", "login attempt to https://registry/v2/ failed with status: 503 Service Unavailable"),
    ],
)
def test_a_login_that_is_refused_for_the_moment_is_tried_again(world: World, call: str, said: str) -> None:
    world.refuse(call, said, times=2)
    world.steps("login")
    assert world.slept == [5, 10]
    assert world.state["password"] == "the-token"


def test_a_login_that_stays_throttled_is_named_as_that(world: World) -> None:
    world.refuse("aws ecr get-login-password", THROTTLED)
    result = world.step("login")
    assert f"cannot log in to {REGISTRY}: request rate exceeded (throttled)" in result.stderr
    assert "start the build again in a few minutes" in result.stderr


@pytest.mark.parametrize(
    "dockerfile",
    [
        f"ARG BASE_IMAGE={BASE}\nFROM ${{BASE_IMAGE}}\n",
        f"FROM scratch\nFROM \\\n  {BASE} AS test\n",
    ],
)
def test_an_image_of_ecr_publics_is_pulled_with_a_login(world: World, dockerfile: str) -> None:
    (world.root / "app" / "Dockerfile").write_text(dockerfile)
    result = world.steps("login")
    assert world.calls("docker login") == [
        f"docker login --username AWS --password-stdin {REGISTRY}",
        PUBLIC,
    ]
    assert world.state["password"] == "the-public-token"
    assert "logged in to public.ecr.aws" in result.stdout


@pytest.mark.parametrize("dockerfile", [f"# as {BASE}\nFROM scratch\n", f"ARG BASE_IMAGE={BASE}\n"])
def test_without_one_there_is_no_such_login(world: World, dockerfile: str) -> None:
    (world.root / "app" / "Dockerfile").write_text(dockerfile)
    world.steps("login", BASE_IMAGE="another.registry/python")
    assert not world.calls("aws ecr-public")


def test_without_the_login_to_ecr_public_the_build_goes_on_anonymously(world: World) -> None:
    world.refuse("aws ecr-public", "An error occurred (AccessDeniedException): sts:GetServiceBearerToken")
    result = world.steps("login", BASE_IMAGE=BASE)
    assert "not logged in to public.ecr.aws, which limits the rate of anonymous pulls" in result.stdout
    assert "sts:GetServiceBearerToken" in result.stdout
