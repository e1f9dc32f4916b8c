"""Progress as plain lines, where output is no terminal: begins, ends, and now and then what is between."""

from collections.abc import Callable, Iterable

from slipway.terraform.events import Counted, Event
from slipway.terraform.progress.board import Board, State

QUIET = 10.0  # seconds that a running stack says nothing for

Write = Callable[[str], None]
Clock = Callable[[], float]


class PlainProgress:
    """Writes a line for what is worth one. names: the stacks."""

    def __init__(self, names: Iterable[str], *, write: Write, clock: Clock) -> None:
        self.board = Board(names)
        self._write, self._clock = write, clock
        self._width = max((len(name) for name in self.board.tracks), default=0)
        self._said: dict[str, float] = {}

    def __enter__(self) -> "PlainProgress":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left open."""

    def begin(self, name: str, doing: str) -> None:
        """A part of a stack's work begins."""
        self.board.begin(name, doing, self._clock())
        self._say(name, doing)

    def event(self, name: str, event: Event) -> None:
        """Terraform reported something."""
        now, track = self._clock(), self.board.tracks[name]
        track.note(event, now)
        if isinstance(event, Counted) and event.operation == "plan" and track.planned:
            self._say(name, f"{track.doing}: {track.planned} resources")
        elif track.counted and track.planned and now - self._said.get(name, now) >= QUIET:
            self._say(name, f"{track.done} of {track.planned}, now {track.words(now)}")

    def end(self, name: str, state: State, words: str) -> None:
        """A stack is finished, in one way or another."""
        now = self._clock()
        self.board.end(name, state, words, now)
        elapsed = self.board.tracks[name].elapsed(now)
        self._say(name, f"{words} ({elapsed})" if elapsed else words)

    def _say(self, name: str, words: str) -> None:
        self._said[name] = self._clock()
        self._write(f"{name:<{self._width}}  {words}")
