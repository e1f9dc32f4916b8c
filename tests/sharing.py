"""What a run of tests makes once, whichever of its workers needs it first; the others read it from a file."""

import fcntl
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

Made = TypeVar("Made")

_directory: Path | None = None


@contextmanager
def shared_in(directory: Path) -> Iterator[None]:
    """Makes results that are created once available in a directory of this run's workers."""
    global _directory  # noqa: PLW0603 - one for a process, as its workers are
    before, _directory = _directory, directory
    yield
    _directory = before


def made_once(name: str, make: Callable[[], Made]) -> Made:
    """What a function makes, as a copy of the caller's own: made by the first who asks for this name.

    Outside a run, for a script, it is created again. After a failure the next caller tries again.
    """
    if _directory is None:
        return make()
    file = _directory / f"{name}.pickle"
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            file.write_bytes(pickle.dumps(make()))
    made: Made = pickle.loads(file.read_bytes())
    return made
