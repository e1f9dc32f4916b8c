"""A directory that a command has to itself while it runs, whatever else runs meanwhile."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO

from slipway.console.errors import UsageError


def _free(_directory: Path) -> bool:
    return False


@contextmanager
def claimed(working: Path, name: str, *, in_use: Callable[[Path], bool] = _free) -> Iterator[Path]:
    """The first of ``name``, ``name-2``, … that nobody uses, emptied; nobody else gets it meanwhile.

    in_use: whether something that outlived its command still needs the directory; nothing does.
    """
    working.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        directory = working / (name if number == 1 else f"{name}-{number}")
        with directory.with_suffix(".lock").open("w", encoding="utf-8") as lock:
            if _is_held(lock) or in_use(directory):
                continue
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir()
            yield directory
            return


@contextmanager
def kept(working: Path, name: str) -> Iterator[Path]:
    """The directory of this name, with what is in it. Raises UsageError if another command uses it now."""
    directory = working / name
    directory.mkdir(parents=True, exist_ok=True)
    with directory.with_suffix(".lock").open("w", encoding="utf-8") as lock:
        if _is_held(lock):
            raise UsageError(f"another command uses {directory} at this moment", then="wait until it is done")
        yield directory


def _is_held(lock: IO[str]) -> bool:
    """Whether somebody else holds the lock; otherwise it is ours until the file is closed, however we end."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
