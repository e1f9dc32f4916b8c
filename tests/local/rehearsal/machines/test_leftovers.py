"""What a rehearsal that was killed has left on an engine that others use too, and in its directory.

tests/integration/test_rehearsal_engine.py kills one that has private engines.
"""

import os
import tempfile
from pathlib import Path

import pytest

from local.rehearsal.machines.docker_engine import DockerEngine
from local.rehearsal.machines.host import Host
from local.rehearsal.machines.leftovers import machines_directory, on_shared_engine, remove_leftovers

DOCKER = """#!/bin/sh
echo "$*" >> "$DOCKER_CALLS"
[ ! -e "$DOCKER_CALLS.refused" ] || { echo "Cannot connect to the Docker daemon" >&2; exit 1; }
[ ! -e "$DOCKER_CALLS.interrupts" ] || kill -INT "$PPID"
[ "$1" != images ] || echo 0123456789ab
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the directories of rehearsals are; `docker` writes its calls to a file there."""
    (program := tmp_path / "bin" / "docker").parent.mkdir()
    program.write_text(DOCKER)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("DOCKER_CALLS", str(tmp_path / "calls"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def killed(machine: Path) -> Path:
    """The directory of a rehearsal that was killed: its lock is held by nobody."""
    (directory := machine / "slipway-killed").mkdir()
    (directory / "in-use").write_text("4194305")  # above the largest process id there is
    (directory / "balancer").mkdir()
    engine = DockerEngine({}, private=False)
    host = Host("host-1", engine, "my-app-rehearsal-1", "127.0.0.1", 1, directory / "host-1", {})
    on_shared_engine(directory, [host], "127.0.0.2:5000/*")
    return directory


def test_its_containers_images_and_directory_are_removed(
    machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left = killed(machine)
    with machines_directory() as directory:
        assert directory.parent == machine
        assert not left.exists()
    assert not directory.exists()
    assert (machine / "calls").read_text().splitlines() == [
        "rm --force --volumes my-app-rehearsal-1",
        "rm --force --volumes my-app-rehearsal-1-next",
        "rm --force --volumes my-app-rehearsal-1-previous",
        "images --filter reference=127.0.0.2:5000/* --format {{.ID}}",
        "rmi --force 0123456789ab",
    ]
    assert capsys.readouterr().err == f"removed what a rehearsal that was killed had left: {left}\n"


def test_a_rehearsal_that_is_interrupted_meanwhile_ends_once_they_are_removed(machine: Path) -> None:
    left = killed(machine)
    (machine / "calls.interrupts").touch()
    with pytest.raises(KeyboardInterrupt), machines_directory():
        pytest.fail("the rehearsal goes on")
    assert not left.exists()
    assert list(machine.glob("slipway-*")) == []


def test_what_cannot_be_removed_is_named_and_tried_again(
    machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left = killed(machine)
    (refused := machine / "calls.refused").touch()
    with machines_directory():
        assert left.exists()
    assert capsys.readouterr().err.startswith(
        f"warning: {left} of a rehearsal that was killed cannot be removed: docker images"
    )
    refused.unlink()
    remove_leftovers()
    assert not left.exists()


def test_one_that_runs_is_left_alone(machine: Path) -> None:
    with machines_directory() as running, machines_directory() as beside:
        remove_leftovers()
        assert running.exists()
        assert beside.exists()
    assert not (machine / "calls").exists()


def test_another_user_s_is_left_alone(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = killed(machine)
    monkeypatch.setattr(os, "geteuid", lambda: left.stat().st_uid + 1)
    remove_leftovers()
    assert left.exists()
    assert not (machine / "calls").exists()
