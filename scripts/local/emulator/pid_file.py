"""The PID file of a running emulator: where it is, and how to stop it later.

The emulator locks the file as long as it runs. Without a lock the file is left over, and its process id may
belong to another process by now.
"""

import fcntl
import json
import os
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from slipway.console.errors import SlipwayError
from slipway.console.shell import command_line

STOP_SECONDS = 10.0


@dataclass(frozen=True)
class PidFile:
    """The content of the file: process, endpoint and account of a running emulator."""

    pid: int
    endpoint: str
    account: str
    kept: bool = False
    """Whether it keeps running after the process that started it has ended."""


def publish(path: Path, record: PidFile) -> IO[str]:
    """Writes the file atomically and locked; keep the returned file open, because closing it unlocks."""
    draft = path.with_name(f"{path.name}.{record.pid}")
    file = draft.open("w", encoding="utf-8")
    fcntl.flock(file, fcntl.LOCK_EX)
    json.dump(asdict(record), file)
    file.flush()
    draft.replace(path)
    return file


def read(path: Path) -> PidFile | None:
    """The content of the file; None if there is no file, or its writer has ended."""
    try:
        with path.open(encoding="utf-8") as file:
            return PidFile(**json.load(file)) if _is_held(file) else None
    except FileNotFoundError:
        return None


def stop(path: Path) -> bool:
    """Ends the emulator that wrote the file and removes the file; whether an emulator was running.

    Raises SlipwayError if it is still running after 10 seconds.
    """
    record = read(path)
    if record is not None:
        with path.open(encoding="utf-8") as file:
            os.kill(record.pid, signal.SIGTERM)
            _wait_until_gone(file, record.pid)
    path.unlink(missing_ok=True)
    return record is not None


def _wait_until_gone(file: IO[str], pid: int) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    while _is_held(file):
        if time.monotonic() > deadline:
            raise SlipwayError(
                f"the emulated AWS is still running {STOP_SECONDS:.0f} s after SIGTERM",
                then=f"kill it: {command_line('kill', '-9', pid)}",
            )
        time.sleep(0.02)


def _is_held(file: IO[str]) -> bool:
    """Whether another process holds the lock."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
