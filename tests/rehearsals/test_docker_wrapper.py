"""What stands in a host's way to docker: it acts at one step, once, and does nothing otherwise."""

import asyncio
import os
import signal
import subprocess
from pathlib import Path

import pytest

from local.rehearsal.machines.docker_engine import DockerEngine
from local.rehearsal.machines.host import Host
from slipway.console.errors import SlipwayError
from tests.rehearsals import docker_wrapper

SCRIPT = "docker create --name my-app-next; docker rename my-app my-app-previous; docker stop my-app-previous"


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A host whose docker only notes what it is told."""
    programs = tmp_path / "bin"
    programs.mkdir()
    docker = programs / "docker"
    docker.write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/told\n')
    docker.chmod(0o755)
    machine = {"PATH": f"{programs}:{os.environ['PATH']}"}
    return Host("host-1", DockerEngine({}, private=True), "my-app", "127.0.0.1", 1, tmp_path, machine)


def told(host: Host) -> list[str]:
    """The docker commands that were made, by their first words."""
    return [line.split()[0] for line in (host.directory / "told").read_text().splitlines()]


def run(host: Host) -> int:
    """The script's exit code; it has a process group of its own, as a hook has."""
    return subprocess.run(
        ["sh", "-c", SCRIPT], env=dict(host.environment), check=False, process_group=0
    ).returncode


def test_a_script_is_killed_once_its_step_is_done(host: Host) -> None:
    assert run(docker_wrapper.killed_after(host, host.directory / "aside", "old renamed")) == -signal.SIGKILL
    assert told(host) == ["create", "rename"]


def test_the_next_script_is_not_killed(host: Host) -> None:
    there = docker_wrapper.killed_after(host, host.directory / "aside", "old renamed")
    run(there)
    assert run(there) == 0
    assert told(host)[2:] == ["create", "rename", "stop"]


def test_steps_that_look_alike_are_told_apart(host: Host) -> None:
    assert run(docker_wrapper.killed_after(host, host.directory / "aside", "next renamed")) == 0
    assert told(host) == ["create", "rename", "stop"]


def test_a_script_waits_before_a_step_until_something_is_done(host: Host) -> None:
    before: list[str] = []

    async def work() -> int:
        async with docker_wrapper.meanwhile(
            host, host.directory / "aside", "old stopped", lambda: before.extend(told(host))
        ) as there:
            return await asyncio.to_thread(run, there)

    assert asyncio.run(work()) == 0
    assert before == ["create", "rename"]
    assert told(host) == ["create", "rename", "stop"]


def test_a_step_that_never_comes_is_no_silent_success(host: Host) -> None:
    async def work() -> None:
        async with docker_wrapper.meanwhile(
            host, host.directory / "aside", "new started", lambda: None
        ) as there:
            await asyncio.to_thread(run, there)

    with pytest.raises(SlipwayError, match="never came to “new started”"):
        asyncio.run(work())
