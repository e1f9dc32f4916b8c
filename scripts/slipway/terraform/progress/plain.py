"""Progress as plain lines, where output is not a terminal: begins, ends, and now and then what is between."""

import time
from collections.abc import Callable, Iterable

from slipway.console import message
from slipway.terraform.events import Counted, Event
from slipway.terraform.progress.board import Progress, State

QUIET = 10.0  # seconds that a running stack says nothing for


class PlainProgress(Progress):
    """Writes a line for what is worth one."""

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
        """The beginning is said."""
        super().begin(name, doing)
        self._say(name, doing)

    def event(self, name: str, event: Event) -> None:
        """The count is said, and what is going on where nothing was for a while."""
        super().event(name, event)
        now, track = self.clock(), self.tracks[name]
        if isinstance(event, Counted) and event.operation == "plan" and track.planned:
            self._say(name, f"{track.doing}: {track.planned} resources")
        elif track.counted and track.planned and now - self._said.get(name, now) >= QUIET:
            self._say(name, f"{track.done} of {track.planned}, now {track.words(now)}")

    def end(self, name: str, state: State, words: str) -> None:
        """The end is said, with how long it took."""
        super().end(name, state, words)
        elapsed = self.tracks[name].elapsed(self.clock())
        self._say(name, f"{words} ({elapsed})" if elapsed else words)

    def _say(self, name: str, words: str) -> None:
        self._said[name] = self.clock()
        self._write(f"{name:<{self._width}}  {words}")
