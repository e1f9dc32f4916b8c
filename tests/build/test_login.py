"""Logging in to ECR."""

from tests.build.world import REGISTRY, World


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


def test_a_refused_login_is_explained(world: World) -> None:
    world.refuse("docker login", "Error response from daemon: 401 Unauthorized")
    result = world.step("login")
    assert result.returncode == 1
    assert "401 Unauthorized" in result.stderr
