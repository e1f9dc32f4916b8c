"""A private Docker daemon that can be restarted, and lost as in a power cut, while others go on using it."""

import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from local.rehearsal.machines.programs import attempt, run, serving
from slipway.console.errors import SlipwayError

GONE_SECONDS = 30.0


class Daemon:
    """dockerd with its own state. directory: where all of it lies; answers: whether it does."""

    def __init__(self, command: Sequence[str], directory: Path, answers: Callable[[], bool]) -> None:
        self._command, self._directory, self._answers = list(command), directory, answers
        self._up = ExitStack()

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        self._up.enter_context(serving(self._command, self._directory / "log", ready=self._answers))

    def stop(self) -> None:
        """Stops it as its service manager does; containers that it looked after end with it."""
        self._up.close()

    def restart(self) -> None:
        """As `systemctl restart docker`."""
        self.stop()
        self.start()

    def reboot(self, environment: Mapping[str, str]) -> None:
        """Everything of it dies at once, containers too; what was only in memory is gone; it starts again.

        environment: the variables that lead to it.
        """
        _kill([*_containers(environment), *_mentioning(str(self._directory))])
        self.stop()
        unmount(self._directory)
        shutil.rmtree(self._directory / "exec", ignore_errors=True)
        (self._directory / "pid").unlink(missing_ok=True)
        self.start()


def unmount(directory: Path) -> None:
    """Docker leaves mounts behind, as the one that holds network namespaces."""
    mounts = [line.split()[1] for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    for mount in sorted((each for each in mounts if Path(each).is_relative_to(directory)), reverse=True):
        attempt("umount", mount)


def _containers(environment: Mapping[str, str]) -> list[int]:
    """The first process of each container: with it the others of its container end."""
    whole = {**os.environ, **environment}
    names = run("docker", "ps", "--quiet", environment=whole).split()
    if not names:
        return []
    return [each["State"]["Pid"] for each in json.loads(run("docker", "inspect", *names, environment=whole))]


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


def _kill(processes: list[int]) -> None:
    """Ends them by force, and waits until they are gone: one that is ours to reap counts as gone."""
    for each in processes:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    deadline = time.monotonic() + GONE_SECONDS
    while left := [each for each in processes if _lives(each)]:
        if time.monotonic() > deadline:
            raise SlipwayError(f"processes {left} do not end, though they were killed")
        time.sleep(0.02)


def _lives(process: int) -> bool:
    try:
        state = (
            (Path("/proc") / str(process) / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        )
    except OSError:
        return False
    return state not in "ZX"
