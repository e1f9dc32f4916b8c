"""Faults of a private Docker engine: it is restarted, its host loses power, its disk is small."""

import io
import json
import os
import shutil
import signal
import tarfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from local.rehearsal.machines.docker_daemon import Daemon, unmount
from local.rehearsal.machines.docker_engine import DATA, DockerEngine, private_engine
from local.rehearsal.machines.programs import run
from slipway.console.errors import SlipwayError

GONE_SECONDS = 30.0


@contextmanager
def small_engine(directory: Path, size: str) -> Iterator[DockerEngine]:
    """A private engine that can keep only so much. size: as tmpfs takes it."""
    (directory / DATA).mkdir(parents=True)
    run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(directory / DATA))
    try:
        with private_engine(directory) as engine:
            yield engine
    finally:
        unmount(directory)


def pack(engine: DockerEngine, name: str, files: Mapping[str, bytes]) -> None:
    """Gives an engine an image that is made of some files and nothing else."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    engine.docker("import", "-", name, stdin=packed.getvalue())


def restart(engine: DockerEngine) -> None:
    """As `systemctl restart docker`."""
    daemon = _daemon(engine)
    daemon.stop()
    daemon.start()


def reboot(engine: DockerEngine) -> None:
    """Everything of it dies at once, containers too; what was only in memory is gone; it starts again."""
    daemon = _daemon(engine)
    kill(processes(engine))
    daemon.stop()
    unmount(daemon.directory)
    shutil.rmtree(daemon.directory / "exec", ignore_errors=True)
    (daemon.directory / "pid").unlink(missing_ok=True)
    daemon.start()


def processes(engine: DockerEngine) -> list[int]:
    """The first process of each container, dockerd, containerd, and its shim for each container."""
    return [*_containers(engine), *_mentioning(str(_daemon(engine).directory))]


def _daemon(engine: DockerEngine) -> Daemon:
    if engine.daemon is None:
        raise SlipwayError("this takes a private engine")
    return engine.daemon


def _containers(engine: DockerEngine) -> list[int]:
    """The first process of each container: with it the others of its container end."""
    names = engine.docker("ps", "--quiet").split()
    return [load["State"]["Pid"] for load in json.loads(engine.docker("inspect", *names))] if names else []


def _mentioning(words: str) -> list[int]:
    """The processes whose command line has the words: dockerd, containerd, a shim for each container."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            with suppress(OSError):
                command = (process / "cmdline").read_bytes().split(b"\0")
                if Path(os.fsdecode(command[0])).name.startswith(("dockerd", "containerd")):
                    found += [int(process.name)] if words.encode() in b" ".join(command) else []
    return found


def kill(found: list[int]) -> None:
    """Ends them by force, and waits until they are gone: one that is ours to reap counts as gone."""
    for process in found:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    deadline = time.monotonic() + GONE_SECONDS
    while left := [process for process in found if lives(process)]:
        if time.monotonic() > deadline:
            raise SlipwayError(f"processes {left} do not end, though they were killed")
        time.sleep(0.02)


def lives(process: int) -> bool:
    try:
        state = (
            (Path("/proc") / str(process) / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        )
    except OSError:
        return False
    return state not in "ZX"
