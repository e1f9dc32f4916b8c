"""The file in which a running emulator says where it is, and by which it can be stopped later.

The emulator holds a lock on it for as long as it lives. So a file that was left behind, whose process id
may be somebody else's by now, is told apart from one whose writer is alive.
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
    """What a running emulator says of itself."""

    pid: int
    endpoint: str
    account: str
    kept: bool = False
    """Whether it lives on without whoever started it."""


def publish(path: Path, record: PidFile) -> IO[str]:
    """Writes the file, whole and locked; hold on to what is returned, for the lock goes with it."""
    draft = path.with_name(f"{path.name}.{record.pid}")
    file = draft.open("w", encoding="utf-8")
    fcntl.flock(file, fcntl.LOCK_EX)
    json.dump(asdict(record), file)
    file.flush()
    draft.replace(path)
    return file


def read(path: Path) -> PidFile | None:
    """The record, if there is one and whoever wrote it is alive."""
    try:
        with path.open(encoding="utf-8") as file:
            return PidFile(**json.load(file)) if _is_held(file) else None
    except FileNotFoundError:
        return None


def stop(path: Path) -> bool:
    """Ends the emulator that wrote the file, and clears the file away; whether there was one to end."""
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
                f"the emulated AWS was told to end {STOP_SECONDS:.0f} s ago and is still there",
                then=f"end it by force: {command_line('kill', '-9', pid)}",
            )
        time.sleep(0.02)


def _is_held(file: IO[str]) -> bool:
    """Whether somebody else holds the lock."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
