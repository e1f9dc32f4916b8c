"""Progress as plain lines: the beginning and end of each stack, and a line every ten seconds."""

import time
from collections.abc import Callable, Iterable

from slipway.console import message
from slipway.terraform.events import Counted, Event
from slipway.terraform.progress.board import Progress, State

QUIET = 10.0  # seconds between two lines of a running stack


class PlainProgress(Progress):
    """Writes lines about the progress. write: prints a line. Default: to stderr."""

    def __init__(
        self,
        names: Iterable[str],
        *,
        write: Callable[[str], None] = message,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(names, clock)
        self._write = write
        self._width = max((len(name) for name in self.tracks), default=0)
        self._said: dict[str, float] = {}

    def begin(self, name: str, doing: str) -> None:
        """Print that a stack's work begins."""
        super().begin(name, doing)
        self._say(name, doing)

    def event(self, name: str, event: Event) -> None:
        """Print the number of planned changes, and the progress every ten seconds."""
        super().event(name, event)
        now, track = self.clock(), self.tracks[name]
        if isinstance(event, Counted) and event.operation == "plan" and track.planned:
            self._say(name, f"{track.doing}: {track.planned} resources")
        elif track.counted and track.planned and now - self._said.get(name, now) >= QUIET:
            self._say(name, f"{track.done} of {track.planned}, now {track.words(now)}")

    def end(self, name: str, state: State, words: str) -> None:
        """Print that a stack's work has ended, and how long it took."""
        super().end(name, state, words)
        elapsed = self.tracks[name].elapsed(self.clock())
        self._say(name, f"{words} ({elapsed})" if elapsed else words)

    def _say(self, name: str, words: str) -> None:
        self._said[name] = self.clock()
        self._write(f"{name:<{self._width}}  {words}")
