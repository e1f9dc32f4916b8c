"""The progress of every stack, updated by Terraform's events."""

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import Enum

from slipway.terraform.events import Completed, Counted, Errored, Event, Planned, Refreshing, Started

WAITING = "waiting"


class State(Enum):
    """The state of a stack's work."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass
class Track:
    """One stack's progress. Times are in seconds of one clock."""

    state: State = State.WAITING
    doing: str = WAITING
    reading: str = ""
    planned: int = 0
    done: int = 0
    started: float | None = None
    ended: float | None = None
    running: dict[str, float] = field(default_factory=dict)
    counted: bool = False

    def note(self, event: Event, now: float) -> None:
        """Update the progress from an event of Terraform."""
        match event:
            case Refreshing(address):
                self.reading = f"reading {address}"
            case Planned():
                self._plan_one_more()
            case Counted(operation="plan") as counted:
                self.planned, self.counted, self.reading = counted.total, True, ""
            case Started(address):
                self.running[address] = now
            case Completed(address, action):
                self.running.pop(address, None)
                self.done += action != "read"
            case Errored(address):
                self.running.pop(address, None)

    def _plan_one_more(self) -> None:
        """Count planned resources one by one until the plan reports their number."""
        if not self.counted:
            self.planned += 1

    def elapsed(self, now: float) -> str:
        """How long it has run, or ran, such as "12 s"; empty if it was not started."""
        if self.started is None:
            return ""
        return f"{(now if self.ended is None else self.ended) - self.started:.0f} s"

    def words(self, now: float) -> str:
        """What is in progress: the resource that has taken longest, and the number of others."""
        if self.state is not State.RUNNING or not self.running:
            return self.reading or self.doing
        address, since = next(iter(self.running.items()))
        others = len(self.running) - 1
        more = f" and {others} more" if others else ""
        return f"{address} ({now - since:.0f} s){more}"


class Progress(AbstractContextManager["Progress"]):
    """The progress of every stack; a context manager. Subclasses show it by overriding its methods.

    names: of the stacks, in the order in which they are shown. clock: returns seconds.
    """

    def __init__(self, names: Iterable[str], clock: Callable[[], float] = time.monotonic) -> None:
        self.tracks = {name: Track() for name in names}
        self.clock = clock

    def __exit__(self, *_: object) -> None:
        """Do nothing: there is nothing to close."""

    def begin(self, name: str, doing: str) -> None:
        """Record that a stack's work, or its next part, begins: counts restart, the time does not."""
        track = self.tracks[name]
        if track.state is not State.RUNNING:
            track.state, track.started, track.ended = State.RUNNING, self.clock(), None
        track.doing, track.reading = doing, ""
        track.planned, track.done, track.counted = 0, 0, False
        track.running.clear()

    def event(self, name: str, event: Event) -> None:
        """Record an event of Terraform for a stack."""
        self.tracks[name].note(event, self.clock())

    def end(self, name: str, state: State, words: str) -> None:
        """Record that a stack's work has ended. words: how."""
        track = self.tracks[name]
        track.state, track.doing, track.reading, track.ended = state, words, "", self.clock()
        track.running.clear()
