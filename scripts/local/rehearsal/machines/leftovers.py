"""The directory of a rehearsal's machines, and the removal of what rehearsals that were killed have left.

A rehearsal cleans up when it ends or is interrupted. One that is killed (SIGKILL, no memory left) cannot:
its servers and containers go on running, and its bridges, packet filter rules and mounts stay. The next
rehearsal with the same TMPDIR removes them.
"""

import fcntl
import json
import os
import shlex
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from local.rehearsal.machines.docker_daemon import unmount
from local.rehearsal.machines.docker_engine import DockerEngine
from local.rehearsal.machines.host import Host
from local.rehearsal.machines.programs import STOP_SECONDS, attempt, run, undisturbed
from slipway import console
from slipway.console.errors import SlipwayError
from slipway.processes.signals import deferred

PREFIX = "slipway-"
IN_USE = "in-use"
"""The file that a rehearsal keeps locked until it ends, in whatever way; it contains its process's id."""
SHARED = "shared-engine.json"
PROC = Path("/proc")


@contextmanager
def machines_directory() -> Iterator[Path]:
    """A new directory while the block runs, with a short path, because it will contain Unix sockets.

    First removes what rehearsals that were killed have left, and prints which.
    """
    remove_leftovers()
    directory = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        with (directory / f"{IN_USE}.new").open("w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            lock.write(str(os.getpid()))
            lock.flush()
            Path(lock.name).rename(directory / IN_USE)  # locked from the moment that others see it
            yield directory
    finally:
        with undisturbed():
            shutil.rmtree(directory, ignore_errors=True)


def on_shared_engine(directory: Path, hosts: Sequence[Host], images: str) -> None:
    """Record the containers and images of a rehearsal on an engine that others use too.

    images: a reference that all its images match, such as ``127.0.0.2:5000/*``.
    """
    containers = [name for host in hosts for name in host.containers]
    (directory / SHARED).write_text(
        json.dumps({"containers": containers, "images": images}), encoding="utf-8"
    )


def remove_leftovers() -> None:
    """Remove what rehearsals that were killed have left on this machine; a warning names what cannot be."""
    for file in sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{IN_USE}")):
        with suppress(OSError):
            if file.parent.lstat().st_uid == file.lstat().st_uid == os.geteuid():
                _remove_unless_in_use(file)


def _remove_unless_in_use(file: Path) -> None:
    with deferred(), file.open("r+", encoding="ascii") as lock:  # a rehearsal that is interrupted then ends
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        directory = file.parent
        _end(_is_server, directory, signal.SIGTERM)
        _end(_is_server, directory, signal.SIGKILL)
        _end(_is_docker, directory, signal.SIGKILL)
        process = lock.read()
        try:
            if os.geteuid() == 0 and process.isdigit() and not (PROC / process).exists():
                _remove_network(f"slw{int(process):x}.")
            _clear_shared_engine(directory / SHARED)
            unmount(directory)
            shutil.rmtree(directory)
        except (OSError, SlipwayError) as error:
            console.message(f"warning: {directory} of a rehearsal that was killed cannot be removed: {error}")
        else:
            console.message(f"removed what a rehearsal that was killed had left: {directory}")


def _end(belongs: Callable[[Path, Path], bool], directory: Path, by: signal.Signals) -> None:
    """Send a signal to the processes that belong to a directory; wait for their end, but not for ever."""
    for process in (left := _processes(belongs, directory)):
        with suppress(ProcessLookupError):
            os.kill(process, by)
    deadline = time.monotonic() + STOP_SECONDS
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = _processes(belongs, directory)


def _processes(belongs: Callable[[Path, Path], bool], directory: Path) -> list[int]:
    """The ids of the processes that belong to a directory; none where there is no /proc."""
    found = []
    for process in PROC.glob("[0-9]*"):
        with suppress(OSError):
            found += [int(process.name)] if belongs(process, directory) else []
    return found


def _is_server(process: Path, directory: Path) -> bool:
    """Whether it writes its output to a log there, as ``serving`` starts it."""
    return (process / "fd" / "1").readlink().is_relative_to(directory)


def _is_docker(process: Path, directory: Path) -> bool:
    """Whether it is containerd's, or in a container, of an engine there; dockerd ends both when it can."""
    program, *arguments = (process / "cmdline").read_bytes().split(b"\0")
    if os.fsdecode(program).rpartition("/")[2].startswith("containerd"):
        return any(bytes(directory) in argument for argument in arguments)
    mounts = (process / "mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    # The fifth field is where it is mounted (proc(5)).
    return any(f"/{directory.name}/" in mount for mount in mounts if mount.split()[4] == "/")


def _remove_network(prefix: str) -> None:
    """Delete the packet filter's rules and the bridges that have the prefix in their names."""
    for program in ("iptables", "ip6tables"):
        table = ""
        for line in _lines(f"{program}-save"):
            if line.startswith("*"):
                table = line[1:]
            elif line.startswith("-A ") and prefix in line:
                attempt(program, "--wait", "--table", table, "--delete", *shlex.split(line)[1:])
    for line in _lines("ip", "-oneline", "link"):
        if (name := line.split(": ")[1].partition("@")[0]).startswith(prefix):
            attempt("ip", "link", "delete", name)


def _lines(*command: str) -> list[str]:
    """What a command prints; nothing if it is not installed, for private engines need it."""
    return run(*command).splitlines() if shutil.which(command[0]) else []


def _clear_shared_engine(record: Path) -> None:
    if record.exists():
        left, engine = json.loads(record.read_text(encoding="utf-8")), DockerEngine({}, private=False)
        for name in left["containers"]:
            engine.can("rm", "--force", "--volumes", name)
        engine.remove_images(left["images"])
