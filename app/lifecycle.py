"""Where the service is between its start and its end, and so whether it wants to be sent requests."""

import time
from collections.abc import Callable

from app.faults import Faults


class Lifecycle:
    """How long the service has been up, whether it is ending, and which faults have begun.

    clock: seconds since whenever; a test has one of its own.
    """

    def __init__(self, faults: Faults, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.faults = faults
        self.draining = False
        self.clock = clock
        self.started = clock()

    def drain(self) -> None:
        """From here on the service is not ready: it is to be sent no more requests."""
        self.draining = True

    def not_ready_because(self) -> str | None:
        """Why the service wants no requests; None if it does."""
        if self.draining:
            return "draining"
        if self.begun(self.faults.unready):
            return "unready, as SLIPWAY_FAULTS says"
        return None

    def begun(self, after: float | None) -> bool:
        """Whether a fault that begins so many seconds after the start has begun; never if it is None."""
        return after is not None and self.clock() - self.started >= after
