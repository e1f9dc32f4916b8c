"""A private Docker engine on this machine: it builds, it runs, it reaches out, and nothing of it stays."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.rehearsal.machines import base_image
from local.rehearsal.machines.docker_engine import DockerEngine, private_engine
from local.rehearsal.machines.host import Host, make_host
from local.rehearsal.machines.leftovers import machines_directory
from local.rehearsal.machines.way_out import ways_out
from slipway.console.errors import SlipwayError
from tests.integration.pipelines import ROOT
from tests.rehearsals import docker_faults

pytestmark = pytest.mark.integration


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory whose path is short enough for a socket."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("docker", "dockerd", "iptables", "ip"))):
        pytest.skip("no private engine here: it takes root, docker, dockerd, iptables and ip")
    directory = Path(tempfile.mkdtemp(prefix="t-"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


def output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def traces(*processes: int) -> list[str]:
    """What the engines of some processes, or of this one, change on this machine; others may be at work."""
    named = [f"slw{process:x}." for process in processes or (os.getpid(),)]
    everything = output("iptables-save") + output("ip", "-oneline", "link")
    return [line for line in everything.splitlines() if any(name in line for name in named)]


def base(engine: DockerEngine) -> str:
    base_image.stand_in(engine, "base:1")
    return "base:1"


def host_on(engine: DockerEngine, directory: Path) -> Host:
    """A host whose service runs, and that nothing is closed for."""
    return make_host(
        "host-1",
        engine,
        directory=directory,
        address="127.0.0.1",
        port=1,
        container="app",
        host_env="",
        environment={},
    )


def assert_both_have_a_way_out(host: Host) -> None:
    """The check of a rehearsal without a way out finds those of a host, and of its container."""
    found = ways_out(host)
    assert found.startswith("from a process on host-1, 10.")
    assert "; from its container on host-1, 10." in found


def test_it_runs_containers_and_leaves_nothing(place: Path) -> None:
    with private_engine(place / "docker") as engine:
        words = engine.docker("run", "--rm", base(engine), "python3", "-c", "import ssl, zlib; print('well')")
        assert words == "well"
        engine.docker("run", "--detach", "--name", "app", "base:1", "sleep", "600")
        assert_both_have_a_way_out(host_on(engine, place / "host"))
        assert len(traces()) > 3  # rules and links, or there would be nothing to leave
        shutil.rmtree(place / "host")
    assert list(place.iterdir()) == []
    assert str(place) not in Path("/proc/self/mounts").read_text()
    assert traces() == []


def test_two_at_the_same_time_do_not_meet_and_the_second_works_on_without_the_first(place: Path) -> None:
    with private_engine(place / "one") as one:
        base(one)
        engine_of_another_process = subprocess.Popen(
            [sys.executable, "-c", SECOND, str(place / "two")],
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert engine_of_another_process.stdout is not None
        assert engine_of_another_process.stdout.readline() == "up\n"
        assert one.docker("run", "--rm", "base:1", "sh", "-c", "echo here") == "here"
    rest, _ = engine_of_another_process.communicate("go on\n", timeout=120)
    assert rest == "there\n"
    assert traces(os.getpid(), engine_of_another_process.pid) == []


@pytest.mark.parametrize(
    ("way_out", "with_docker"), [(True, False), (False, True)], ids=["alone", "Docker too, without a way out"]
)
def test_the_next_removes_what_one_that_was_killed_has_left(
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    way_out: bool,
    with_docker: bool,
) -> None:
    killed = subprocess.Popen(
        [sys.executable, "-c", KILLED, "way out" if way_out else ""],
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}", "TMPDIR": str(place)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    assert killed.stdout is not None
    left = Path(killed.stdout.readline().strip())
    servers = [int(process) for process in killed.stdout.readline().split()]
    assert len(servers) > 2  # of dockerd, containerd, a shim and the container
    with machines_directory() as beside:
        assert killed.poll() is None  # one that runs is left alone
        assert left.exists()
        assert traces(killed.pid)
    if with_docker:
        docker_faults.kill(servers)
    killed.kill()
    killed.communicate()
    capsys.readouterr()
    with machines_directory() as directory:
        assert directory.exists()
        assert not left.exists()
        assert not beside.exists()
        assert capsys.readouterr().err == f"removed what a rehearsal that was killed had left: {left}\n"
        assert traces(killed.pid) == []
        assert str(left) not in Path("/proc/self/mounts").read_text()
        assert [process for process in servers if docker_faults.lives(process)] == []
    assert list(place.iterdir()) == []


def runs(engine: DockerEngine) -> list[str]:
    """The names of the containers that run."""
    return engine.docker("ps", "--format", "{{.Names}}").split()


def test_after_a_reboot_only_what_is_always_to_run_comes_back(place: Path) -> None:
    with private_engine(place / "docker") as engine:
        for name, restart in (("stays", "always"), ("goes", "no")):
            engine.docker(
                "run", "--detach", "--name", name, "--restart", restart, base(engine), "sleep", "600"
            )
        docker_faults.reboot(engine)
        assert runs(engine) == ["stays"]
    assert list(place.iterdir()) == []
    assert str(place) not in Path("/proc/self/mounts").read_text()
    assert traces() == []


def test_after_a_restart_it_knows_what_it_knew(place: Path) -> None:
    with private_engine(place / "docker") as engine:
        engine.docker(
            "run", "--detach", "--name", "stays", "--restart", "always", base(engine), "sleep", "600"
        )
        docker_faults.restart(engine)
        assert runs(engine) == ["stays"]


def test_one_with_little_room_runs_out_of_it(place: Path) -> None:
    with (
        docker_faults.small_engine(place / "docker", "16m") as engine,
        pytest.raises(SlipwayError, match="no space left on device"),
    ):
        docker_faults.pack(engine, "large:1", {"large": bytes(32 * 1024 * 1024)})
    assert list(place.iterdir()) == []


SECOND = """
import sys
from pathlib import Path
from slipway.console.errors import SlipwayError
from local.rehearsal.machines import base_image
from local.rehearsal.machines.docker_engine import private_engine
with private_engine(Path(sys.argv[1])) as engine:
    base_image.stand_in(engine, "base:1")
    print("up", flush=True)
    sys.stdin.readline()
    print(engine.docker("run", "--rm", "base:1", "sh", "-c", "echo there"), flush=True)
"""

KILLED = """
import sys
from local.rehearsal.machines import base_image
from local.rehearsal.machines.docker_engine import private_engine
from local.rehearsal.machines.leftovers import machines_directory
from local.rehearsal.machines.way_out import closed_group
from tests.rehearsals import docker_faults
with machines_directory() as directory, closed_group():
    with private_engine(directory / "engine", way_out=bool(sys.argv[1])) as engine:
        base_image.stand_in(engine, "base:1")
        engine.docker("run", "--detach", "--publish", "127.0.0.1:0:80", "base:1", "sleep", "600")
        print(directory)
        print(*docker_faults.processes(engine), flush=True)
        sys.stdin.readline()
"""
