"""How a test waits for what another process or thread does: by looking, never by sleeping long enough."""

import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 60.0


def wait_until(happened: Callable[[], object], what: str) -> None:
    """Poll until something has happened; a failure names what never did."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, f"waited {PATIENCE} s in vain: {what}"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
