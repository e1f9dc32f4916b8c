"""Two deployments to one host at once: the second waits, and says for whom."""

import fcntl
from collections.abc import Iterator

import pytest

from tests.scripts.host import Host


@pytest.fixture
def busy(host: Host) -> Iterator[Host]:
    """Another deployment has the lock, as long as the test goes on."""
    lock = host.path / "run" / "my-app.lock"
    with lock.open("w") as file:
        file.write("start_server.sh of deployment d-other, process 42\n")
        file.flush()
        fcntl.flock(file, fcntl.LOCK_EX)
        yield host


@pytest.mark.parametrize("script", ["start_server.sh", "health_check.sh"])
def test_the_second_is_refused_after_its_time_and_told_who_is_there(busy: Host, script: str) -> None:
    busy.facts["LOCK_SECONDS"] = "0"

    ended = busy.run("two", script)

    assert ended.status == 1
    assert "ERROR: this host is busy with another deployment" in ended.err
    assert "start_server.sh of deployment d-other, process 42 has not ended within 0 s" in ended.err
    assert busy.actions() == []


def test_the_second_waits_for_the_first(host: Host) -> None:
    lock = host.path / "run" / "my-app.lock"
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        waiting = host.begin("two", "start_server.sh")
        assert waiting.stdout is not None
        heard = [waiting.stdout.readline(), waiting.stdout.readline()]

    with waiting:
        waiting.communicate(timeout=60)

    assert "waiting at most 300 s: this host is busy with another deployment" in heard[1]
    assert host.serving() == "two"


def test_the_lock_goes_with_a_script_that_is_killed(host: Host) -> None:
    host.kill(after=3)
    host.start("two")
    host.mend()
    host.facts["LOCK_SECONDS"] = "0"

    assert host.start("two").status == 0


def test_hosts_on_one_engine_do_not_wait_for_each_other(busy: Host) -> None:
    busy.facts |= {"LOCK_SECONDS": "0", "CONTAINER": "my-app-b"}
    busy.world["containers"] = {}

    assert busy.start("two").status == 0
