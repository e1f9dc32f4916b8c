"""Directories that one command uses alone while it runs."""

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
    """A context with the first directory of ``name``, ``name-2``, … that is free, locked and emptied.

    in_use: whether a process that outlived its command still needs the directory. Default: none does.
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
    """A context with the directory of this name, locked, not emptied. Raises UsageError if it is in use."""
    directory = working / name
    directory.mkdir(parents=True, exist_ok=True)
    with directory.with_suffix(".lock").open("w", encoding="utf-8") as lock:
        if _is_held(lock):
            raise UsageError(f"another command is using {directory}", then="wait until it has ended")
        yield directory


def _is_held(lock: IO[str]) -> bool:
    """Whether another process holds the lock; if not, take it until the file is closed."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
