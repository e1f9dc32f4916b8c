"""Whatever fails: the old container serves, or serves again, and the message says what to do."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.patches import patched
from tests.scripts.host import Ended, Host, image


def failed_before_anything_was_touched(host: Host, ended: Ended) -> bool:
    changes = [
        action for action in host.actions() if action.startswith(("stop", "rename", "rm my-app", "start"))
    ]
    return (
        ended.status == 1 and "nothing was changed" in ended.err and not changes and host.serving() == "one"
    )


def test_a_registry_that_cannot_be_reached_is_tried_five_times(host: Host) -> None:
    host.fault("docker pull", "dial tcp: lookup ecr: no such host")

    ended = host.start("two")

    assert host.world["slept"] >= 2 + 4 + 8 + 16
    assert len([call for call in host.world["calls"] if call.startswith("docker login")]) == 5
    assert "the image cannot be pulled; nothing was changed" in ended.err
    assert "check that this host can reach 123456789012.dkr.ecr.eu-central-1.amazonaws.com" in ended.err
    assert failed_before_anything_was_touched(host, ended)


def test_a_pull_that_breaks_off_is_tried_again(host: Host) -> None:
    host.fault("docker pull", "unexpected EOF", times=4)

    assert host.start("two").status == 0


def test_a_pull_that_never_ends_is_ended(host: Host) -> None:
    host.world["hangs"] = "docker pull"

    ended = host.start("two")

    assert len([call for call in host.world["calls"] if call.startswith("docker pull")]) == 5
    assert failed_before_anything_was_touched(host, ended)


def test_a_registry_that_throttles_is_named_as_that(host: Host) -> None:
    host.fault("docker pull", "toomanyrequests: Rate exceeded")

    assert "next: the registry throttles: request rate exceeded" in host.start("two").err


def test_each_try_has_a_login_of_its_own(host: Host) -> None:
    host.fault("docker login", "unauthorized: your authorization token has expired", times=1)

    assert host.start("two").status == 0


def test_an_image_that_the_registry_does_not_have_is_not_tried_again(host: Host) -> None:
    ended = host.start("three")

    assert "the registry has no such image" in ended.err
    assert len([call for call in host.world["calls"] if call.startswith("docker pull")]) == 1
    assert failed_before_anything_was_touched(host, ended)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('{"repository": "--privileged/a", "commit": "two"}', "repository must match [a-z0-9][a-z0-9.-]*"),
        ('{"repository": "r/a", "commit": 2}', "commit must match"),
        ("[" * 100_000, "image.json: maximum recursion depth exceeded"),
        ('{"repository": "r/a", "commit": "two"}', "digest must match sha256:[0-9a-f]{64}, received None"),
        ('{"repository": "r/a", "commit": "two", "digest": "sha256:12"}', "received 'sha256:12'"),
        ('{"repository": "r/a", "commit": "$(id)", "digest": ""}', "commit must match"),
        ('{"repository": "-v /:/x y/z", "commit": "c", "digest": ""}', "repository must match"),
        ("latest", "image.json: Expecting value"),
        ("[]", "image.json: 'list' object has no attribute 'get'"),
    ],
)
def test_a_revision_that_names_no_image_is_refused(host: Host, content: str, complaint: str) -> None:
    (host.revision("two") / "image.json").write_text(content)

    ended = host.start("two")

    assert complaint in ended.err
    assert "ERROR: the image.json or app.json of this revision is invalid" in ended.err
    assert host.serving() == "one"


def test_a_revision_without_image_json_is_refused(host: Host) -> None:
    (host.revision("two") / "image.json").unlink()

    assert "image.json: [Errno 2] No such file or directory" in host.start("two").err


@pytest.mark.parametrize(
    ("app", "complaint"),
    [
        ({"port": 0}, "app.json: port must match [1-9][0-9]{0,7}, received '0'"),
        ({"port": "1 2"}, "port must match"),
        ({"health_path": "/$(id)"}, "health_path must match"),
        ({"aws_access": "yes"}, "aws_access must match true|false"),
        ({"tmpfs": [1]}, "app.json: sequence item 0: expected str instance, int found"),
        ({"tmpfs": ["--privileged"]}, "tmpfs must match"),
        ({"cpus": -1}, "cpus must match"),
        ({"memory_mib": "all"}, "memory_mib must match"),
    ],
)
def test_a_revision_that_does_not_say_how_to_run_it_is_refused(
    host: Host, app: dict[str, object], complaint: str
) -> None:
    host.revision("two", **app)

    ended = host.start("two")

    assert complaint in ended.err
    assert host.serving() == "one"


def test_an_image_for_another_processor_is_refused_before_anything_is_stopped(host: Host) -> None:
    host.build("two", architecture="arm64")

    ended = host.start("two")

    assert "it is for arm64, this host is amd64" in ended.err
    assert failed_before_anything_was_touched(host, ended)


def test_a_full_disk_is_met_with_a_prune_and_one_more_try(host: Host) -> None:
    host.deploy("two")
    host.build("three")
    host.fault("docker pull", "write /var/lib/docker: no space left on device", times=1)

    ended = host.start("three")

    assert ended.status == 0
    assert "WARNING: the disk is full" in ended.err
    assert image("one") not in [name for each in host.world["images"] for name in each["RepoDigests"]]


def test_an_image_that_only_lost_its_name_because_the_disk_is_full_is_deleted_all_the_same(
    host: Host,
) -> None:
    host.deploy("two")
    host.build("three")
    host.world["disk_full"] = True
    host.fault("docker pull", "write /var/lib/docker: no space left on device", times=1)

    ended = host.start("three")

    assert ended.status == 0
    assert [each["RepoDigests"] for each in host.world["images"]] == [[image("two")], [image("three")]]


def test_what_a_full_disk_cannot_be_freed_of_is_said(host: Host) -> None:
    host.deploy("two")
    host.build("three")
    host.fault("docker pull", "write /var/lib/docker: no space left on device", times=1)
    host.fault("docker image rm", "conflict", times=1)

    assert "WARNING: not all images could be deleted: conflict" in host.start("three").err


def test_a_disk_that_stays_full_fails_the_deployment(host: Host) -> None:
    host.fault("docker pull", "write /var/lib/docker: no space left on device")

    ended = host.start("two")

    assert "the disk is full even after old images were deleted" in ended.err
    assert len([call for call in host.world["calls"] if call.startswith("docker pull")]) == 2
    assert failed_before_anything_was_touched(host, ended)


def test_a_disk_that_is_full_when_the_container_is_made_is_met_too(host: Host) -> None:
    host.fault("docker create", "mkdir /var/lib/docker/overlay2: no space left on device", times=1)

    assert host.start("two").status == 0


@pytest.mark.parametrize(
    "cause",
    [
        "failed to create shim task: exec: no such file or directory",
        "failed to initialize logging driver: no credentials",
    ],
)
def test_the_old_one_runs_again_if_the_new_one_cannot_start(host: Host, cause: str) -> None:
    host.build("two", start=cause)

    ended = host.start("two")

    assert ended.status == 1
    assert "ERROR: the new container cannot start" in ended.err
    assert cause in ended.err
    assert "The previous container, commit one, runs again" in ended.out
    assert host.serving() == "one"
    assert list(host.world["containers"]) == ["my-app"]
    host.reboot()
    assert host.serving() == "one"


def test_a_port_that_a_stranger_took_in_the_gap_is_named_and_the_old_one_runs_again(host: Host) -> None:
    host.build("two", start="listen tcp4 0.0.0.0:8080: bind: address already in use")

    ended = host.start("two")

    assert "ERROR: port 9 is in use, so the new container cannot start" in ended.err
    assert "ss --listening" in ended.err
    assert host.serving() == "one"


def test_nothing_of_a_first_deployment_is_left_if_it_cannot_start(new_host: Host) -> None:
    new_host.build("one", start="exec format error")

    ended = new_host.start("one")

    assert ended.status == 1
    assert "there was no previous container" in ended.out
    assert new_host.world["containers"] == {}


def test_it_says_so_if_the_old_one_cannot_be_started_either(host: Host) -> None:
    host.fault("docker start", "port is already allocated")

    ended = host.start("two")

    assert "ERROR: no container runs on this host" in ended.err
    host.mend()
    assert host.start("one").status == 0, "and nothing needs a hand once it can"
    assert host.serving() == "one"


@pytest.fixture
def stranger() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_port_that_a_stranger_has_is_named_before_anything_is_stopped(
    new_host: Host, stranger: int
) -> None:
    new_host.facts["PUBLISH"] = f"127.0.0.1:{stranger}"

    ended = new_host.start("one")

    assert f"port {stranger} is in use; nothing was changed" in ended.err
    assert new_host.world["containers"] == {}


def test_docker_may_be_starting_again_just_now(host: Host) -> None:
    host.fault("docker", "Cannot connect to the Docker daemon", times=4)

    assert host.start("two").status == 0


@pytest.mark.parametrize("verb", ["rename", "stop", "start", "container inspect"])
def test_docker_may_be_restarted_in_the_middle(host: Host, verb: str) -> None:
    host.fault(f"docker {verb}", "Cannot connect to the Docker daemon", times=2)

    host.start("two")

    assert host.serving() in ("one", "two")
    host.mend()
    host.deploy("one")
    assert host.serving() == "one"


def test_it_says_so_if_docker_does_not_answer(host: Host) -> None:
    host.fault("docker", "Cannot connect to the Docker daemon")

    ended = host.start("two")

    assert "ERROR: Docker does not answer on this host" in ended.err
    assert "systemctl status docker" in ended.err


def test_a_host_that_does_not_know_itself_says_where_to_look(host: Host) -> None:
    del host.facts["PARAMETER_PATH"]

    assert "ERROR: this host has no PARAMETER_PATH" in host.start("two").err


def test_a_host_without_facts_says_where_to_look(host: Host, tmp_path: Path) -> None:
    host.facts_file = tmp_path / "missing"

    assert "ERROR: the settings of this host cannot be read" in host.start("two").err


def test_an_error_that_nobody_foresaw_names_its_line(host: Host) -> None:
    script = host.revision("two") / "scripts" / "start_server.sh"
    script.write_text(patched(script.read_text(), "\n  pull_image\n", "\n  false\n  pull_image\n"))

    ended = host.start("two")

    assert ended.status == 1
    assert re.search(r"unexpected error at line \d+: false", ended.err)
