"""A private Docker daemon that can be stopped and started again without losing its state."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from local.rehearsal.machines.programs import attempt, serving


class Daemon:
    """dockerd with its own state. directory: holds all of it; answers: whether the daemon responds."""

    def __init__(self, command: Sequence[str], directory: Path, answers: Callable[[], bool]) -> None:
        self._command, self.directory, self._answers = list(command), directory, answers
        self._up = ExitStack()

    def start(self) -> None:
        """Starts the daemon and waits until it responds. Raises SlipwayError if it does not."""
        self._up.enter_context(serving(self._command, self.directory / "log", ready=self._answers))

    def stop(self) -> None:
        """Stops the daemon as a service manager does; its containers end with it."""
        self._up.close()


def unmount(directory: Path) -> None:
    """Unmounts what Docker leaves mounted below a directory, such as network namespaces."""
    mounts = [line.split()[1] for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    for mount in sorted((path for path in mounts if Path(path).is_relative_to(directory)), reverse=True):
        attempt("umount", mount)
