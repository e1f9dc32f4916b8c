"""What the service can be told to do wrong, so that a rehearsal can see a bad release being caught.

``SLIPWAY_FAULTS=slow_start:30,errors:5`` is the one switch. Nothing here happens without it.
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
    """Each fault with its seconds; None is not asked for.

    slow_start: listens only after so many seconds.
    crash_after: the process ends with 70 after so many seconds; with 0 before it listens.
    unready: after so many seconds (default: 0) /readyz says that the service is not ready.
    errors: after so many seconds (default: 0) everything but health and version answers 500.
    hang: after so many seconds (default: 0) no request is ever answered.
    slow: everything but health and version takes so many seconds.
    hang_on_sigterm: told to stop, the service fails readiness and never ends.
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
    """Read one fault and its seconds."""
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
    """Do what concerns the process and not a request: prepare the crash, then start slowly."""
    if faults.crash_after == 0:
        crash()
    if faults.crash_after is not None:
        timer = threading.Timer(faults.crash_after, crash)
        timer.daemon = True
        timer.start()
    if faults.slow_start is not None:
        logger.warning("slow_start: waits, as SLIPWAY_FAULTS says")
        time.sleep(faults.slow_start)


def crash() -> None:
    """End the process as a crash would: nothing is finished first."""
    logger.critical("crash_after: the process ends, as SLIPWAY_FAULTS says")
    os._exit(CRASHED)
