"""The container's log stream: made before anything is stopped, or the release does not begin."""

import pytest

from tests.scripts.host import Host
from tests.scripts.test_failures import failed_before_anything_was_touched

GROUP = "/my-app/prod/app"
ERROR = "An error occurred ({}) when calling the CreateLogStream operation: {}"


def test_the_stream_that_the_container_logs_to_is_there_before_it_starts(new_host: Host) -> None:
    new_host.deploy("one")

    (stream,) = new_host.world["log_streams"][GROUP]
    assert stream.endswith("/one")
    assert f"awslogs-stream={stream}" in new_host.container("my-app")["Arguments"]
    assert f"awslogs-group={GROUP}" in new_host.container("my-app")["Arguments"]


def test_a_commit_that_comes_again_goes_on_in_its_stream(host: Host) -> None:
    host.deploy("two")

    assert host.deploy("one").status == 0
    assert len(host.world["log_streams"][GROUP]) == 2


def test_a_container_that_logs_elsewhere_needs_none(new_host: Host) -> None:
    new_host.facts["LOG_DRIVER"] = "json-file"

    new_host.deploy("one")

    assert new_host.world["log_streams"][GROUP] == []


def test_one_that_is_never_answered_ends_the_deployment(host: Host) -> None:
    host.world["hangs"] = "aws logs"

    ended = host.start("two")

    assert f"/two in {GROUP}: no answer in time" in ended.err
    assert failed_before_anything_was_touched(host, ended)


def test_a_throttled_one_is_tried_again(host: Host) -> None:
    host.fault("aws logs", ERROR.format("ThrottlingException", "Rate exceeded"), times=4)

    assert host.start("two").status == 0


@pytest.mark.parametrize(
    ("code", "advice", "tries"),
    [
        (
            "AccessDeniedException",
            f"the role my-app-prod-host needs permission for logs:CreateLogStream on the log group {GROUP}",
            5,
        ),
        ("ResourceNotFoundException", "deploy the environment's stack, which creates the log group", 1),
        ("ThrottlingException", "CloudWatch Logs throttles: request rate exceeded", 5),
        (
            "ServiceUnavailableException",
            "check that this host can reach CloudWatch Logs and that the role",
            5,
        ),
    ],
)
def test_without_it_the_old_one_serves_on(host: Host, code: str, advice: str, tries: int) -> None:
    host.fault("aws logs", ERROR.format(code, "no"))

    ended = host.start("two")

    assert "the log stream cannot be created; nothing was changed" in ended.err
    assert f"/two in {GROUP}: An error occurred ({code})" in ended.err
    assert f"next: {advice}" in ended.err
    assert len([call for call in host.world["calls"] if call.startswith("aws logs")]) == tries
    assert failed_before_anything_was_touched(host, ended)
    assert list(host.world["containers"]) == ["my-app"]


def test_what_runs_already_is_left_as_it_is_without_asking_for_one(host: Host) -> None:
    host.fault("aws logs", ERROR.format("AccessDeniedException", "no"))

    assert host.deploy("one").status == 0
