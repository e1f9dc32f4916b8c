"""What is known of every stack's progress: events go in, numbers and words come out."""

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import Enum

from slipway.terraform.events import Completed, Counted, Errored, Event, Planned, Refreshing, Started

WAITING = "waiting"


class State(Enum):
    """Where a stack stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass
class Track:
    """One stack's progress; times are seconds of any one clock."""

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
        """Take an event of Terraform's in."""
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
        """Until the plan has counted, its resources are counted as they come."""
        if not self.counted:
            self.planned += 1

    def elapsed(self, now: float) -> str:
        """How long it has been running, or ran; empty if it was never begun."""
        if self.started is None:
            return ""
        return f"{(now if self.ended is None else self.ended) - self.started:.0f} s"

    def words(self, now: float) -> str:
        """What is being done now: the resource that has taken longest, and how many besides."""
        if self.state is not State.RUNNING or not self.running:
            return self.reading or self.doing
        address, since = next(iter(self.running.items()))
        others = len(self.running) - 1
        more = f" and {others} more" if others else ""
        return f"{address} ({now - since:.0f} s){more}"


class Progress(AbstractContextManager["Progress"]):
    """How far every stack is; a context that lasts while they work. Whatever shows it overrides its methods.

    names: the stacks, in the order in which they are shown.
    """

    def __init__(self, names: Iterable[str], clock: Callable[[], float] = time.monotonic) -> None:
        self.tracks = {name: Track() for name in names}
        self.clock = clock

    def __exit__(self, *_: object) -> None:
        """Nothing is left open."""

    def begin(self, name: str, doing: str) -> None:
        """A stack's work begins, or its next part does: counts start anew, the clock does not."""
        track = self.tracks[name]
        if track.state is not State.RUNNING:
            track.state, track.started, track.ended = State.RUNNING, self.clock(), None
        track.doing, track.reading = doing, ""
        track.planned, track.done, track.counted = 0, 0, False
        track.running.clear()

    def event(self, name: str, event: Event) -> None:
        """Take in an event of Terraform's JSON output, and show it."""
        self.tracks[name].note(event, self.clock())

    def end(self, name: str, state: State, words: str) -> None:
        """A stack's work has come to its end."""
        track = self.tracks[name]
        track.state, track.doing, track.reading, track.ended = state, words, "", self.clock()
        track.running.clear()
