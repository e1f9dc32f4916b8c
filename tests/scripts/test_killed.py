"""start_server.sh is killed after each of its steps: something serves, and the next run puts it right."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scripts.host import Host
from tests.scripts.test_deployment import START

STEPS = range(1, len(START) + 1)
after_each_step = pytest.mark.parametrize("steps", STEPS, ids=START)


@pytest.fixture(scope="module", params=STEPS, ids=START)
def once_killed(
    deployed: Host, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Host]:
    """Commit one served, commit two was being deployed, and somebody sent SIGKILL."""
    host = deployed.copy(tmp_path_factory.mktemp("killed") / "host")
    host.kill(after=request.param)
    assert host.start("two").status == -signal.SIGKILL
    host.mend()
    yield host
    host.close()


@pytest.fixture
def killed(once_killed: Host, tmp_path: Path) -> Iterator[Host]:
    """A host of its own for each test."""
    copy = once_killed.copy(tmp_path / "host")
    yield copy
    copy.close()


def test_the_same_revision_again_ends_well(killed: Host) -> None:
    killed.deploy("two")

    assert killed.serving() == "two"
    assert list(killed.world["containers"]) == ["my-app"]
    assert killed.files() == ["my-app.lock"]


def test_going_back_ends_well_even_without_registry(killed: Host) -> None:
    killed.fault("docker (login|pull)", "no route to host")

    killed.deploy("one")

    assert killed.serving() == "one"
    assert list(killed.world["containers"]) == ["my-app"]


def test_a_host_that_loses_power_serves_again_by_itself(killed: Host) -> None:
    killed.reboot()

    assert killed.serving() in ("one", "two")


def test_the_next_run_first_brings_back_what_served_even_if_it_can_do_nothing_else(killed: Host) -> None:
    killed.build("three")
    killed.fault("docker (login|pull)", "no route to host")

    assert killed.start("three").status == 1

    assert killed.serving() in ("one", "two")


@after_each_step
def test_a_hook_whose_time_is_up_leaves_a_container_that_runs(host: Host, steps: int) -> None:
    host.kill(after=steps, by=signal.SIGTERM)

    ended = host.start("two")

    assert ended.status == 128 + signal.SIGTERM
    assert "terminated by signal 15; CodeDeploy sends signal 15 after the timeout in appspec.yml" in ended.err
    assert host.serving() in ("one", "two")
    assert host.files() == ["my-app.lock"]


def test_a_stop_that_docker_goes_on_with_does_not_end_what_was_brought_back(host: Host) -> None:
    host.world["slow_stop"] = True
    host.kill(after=START.index("stop my-app-previous") + 1, by=signal.SIGTERM)

    host.start("two")

    for container in host.world["containers"].values():
        if container.get("Stopping"):
            container["State"]["Status"] = "exited"
    assert host.serving() == "one"


def test_the_old_one_runs_again_although_nobody_listens_any_more(host: Host) -> None:
    host.kill(after=START.index("stop my-app-previous") + 1, by=signal.SIGTERM)

    process = host.begin("two", "start_server.sh")
    for pipe in (process.stdout, process.stderr):
        assert pipe is not None
        pipe.close()

    assert process.wait(timeout=60) == 128 + signal.SIGTERM
    assert host.serving() == "one"


@pytest.mark.parametrize("steps", range(1, 6))
def test_a_way_back_that_is_cut_short_is_gone_on_with(host: Host, steps: int) -> None:
    host.build("two", health="500")
    host.start("two")
    host.kill(after=steps)
    host.check("two")
    host.mend()

    host.reboot() if steps % 2 else None
    host.deploy("one")

    assert host.serving() == "one"
    assert list(host.world["containers"]) == ["my-app"]
