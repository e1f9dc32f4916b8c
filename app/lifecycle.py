"""The state of the service between start and stop, which decides whether it is ready for requests."""

import time
from collections.abc import Callable

from app.faults import Faults


class Lifecycle:
    """How long the service has been running, whether it is draining, and which faults are active.

    clock: returns seconds since an arbitrary moment. Default: ``time.monotonic``; tests pass their own.
    """

    def __init__(self, faults: Faults, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.faults = faults
        self.draining = False
        self.clock = clock
        self.started = clock()

    def drain(self) -> None:
        """Mark the service as not ready, so that it gets no more requests."""
        self.draining = True

    def not_ready_because(self) -> str | None:
        """Return the reason why the service is not ready; None if it is ready."""
        if self.draining:
            return "draining"
        if self.begun(self.faults.unready):
            return "unready, because SLIPWAY_FAULTS is set"
        return None

    def begun(self, after: float | None) -> bool:
        """Whether a fault that begins ``after`` seconds is active; never, if ``after`` is None."""
        return after is not None and self.clock() - self.started >= after
