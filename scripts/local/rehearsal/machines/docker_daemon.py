"""A private Docker daemon that can be stopped and started again with what it knows."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from local.rehearsal.machines.programs import attempt, serving


class Daemon:
    """dockerd with its own state. directory: where all of it lies; answers: whether it does."""

    def __init__(self, command: Sequence[str], directory: Path, answers: Callable[[], bool]) -> None:
        self._command, self.directory, self._answers = list(command), directory, answers
        self._up = ExitStack()

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        self._up.enter_context(serving(self._command, self.directory / "log", ready=self._answers))

    def stop(self) -> None:
        """Stops it as its service manager does; containers that it looked after end with it."""
        self._up.close()


def unmount(directory: Path) -> None:
    """Docker leaves mounts behind, as the one that holds network namespaces."""
    mounts = [line.split()[1] for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    for mount in sorted((each for each in mounts if Path(each).is_relative_to(directory)), reverse=True):
        attempt("umount", mount)
