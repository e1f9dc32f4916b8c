"""Running the service's tests: a stage of its Dockerfile."""

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


def test_a_dockerfile_without_tests_is_no_success(installed: World) -> None:
    (installed.root / "app" / "Dockerfile").write_text("FROM scratch\n")
    result = installed.step("test")
    assert result.returncode == 1
    assert "app/Dockerfile has no stage named test" in result.stderr
    assert not installed.calls("docker buildx build")
