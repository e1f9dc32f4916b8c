"""Faults that the service can simulate, so that a rehearsal can test how a bad release is handled.

They are enabled only by the variable SLIPWAY_FAULTS, such as ``SLIPWAY_FAULTS=slow_start:30,errors:5``.
"""

import dataclasses
import logging
import os
import re
import threading
import time
from dataclasses import dataclass
from typing import Self

CRASHED = 70
WITHOUT_SECONDS = ("hang_on_sigterm",)
NEED_SECONDS = ("slow_start", "crash_after", "slow")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Faults:
    """The time of every fault, in seconds; None means that the fault is off.

    slow_start: the service listens only after this time.
    crash_after: the process exits with 70 after this time; if 0, before it listens.
    unready: after this time (default: 0), /readyz reports that the service is not ready.
    errors: after this time (default: 0), everything but the probes and /version returns status 500.
    hang: after this time (default: 0), no request is answered.
    slow: the delay of all responses but those of the probes and /version.
    hang_on_sigterm: after SIGTERM, the service is not ready but never exits.
    """

    slow_start: float | None = None
    crash_after: float | None = None
    unready: float | None = None
    errors: float | None = None
    hang: float | None = None
    slow: float | None = None
    hang_on_sigterm: float | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``fault`` or ``fault:seconds``, with commas between. Raises ValueError."""
        return cls(**dict(parse_fault(word.strip()) for word in text.split(",")))


def parse_fault(text: str) -> tuple[str, float]:
    """Return the name and the seconds of one fault. Raises ValueError."""
    name, colon, seconds = text.partition(":")
    known = [field.name for field in dataclasses.fields(Faults)]
    if name not in known:
        raise ValueError(f"must be made of {', '.join(known)}")
    if colon and name in WITHOUT_SECONDS:
        raise ValueError(f"takes no seconds for {name}")
    if not colon and name not in NEED_SECONDS:
        return name, 0.0
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", seconds):
        raise ValueError(f"needs seconds for {name}, as in {name}:5")
    return name, float(seconds)


def misbehave_before_serving(faults: Faults) -> None:
    """Apply the faults that concern the process: schedule the crash, then delay the start."""
    if faults.crash_after == 0:
        crash()
    if faults.crash_after is not None:
        timer = threading.Timer(faults.crash_after, crash)
        timer.daemon = True
        timer.start()
    if faults.slow_start is not None:
        logger.warning("slow_start: waiting, because SLIPWAY_FAULTS is set")
        time.sleep(faults.slow_start)


def crash() -> None:
    """End the process like a crash, without finishing anything."""
    logger.critical("crash_after: ending the process, because SLIPWAY_FAULTS is set")
    os._exit(CRASHED)
