"""Progress on a terminal: one live line for each stack."""

from collections.abc import Iterable

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from slipway.console.tables import MovingRow, moving_table
from slipway.terraform.progress.board import Progress, State, Track

PER_SECOND = 8  # redraws
BAR = 24  # characters
MARKS = {
    State.WAITING: Text("·", style="dim"),
    State.DONE: Text("✓", style="green"),
    State.FAILED: Text("✗", style="red"),
    State.SKIPPED: Text("-", style="yellow"),
}
SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class LiveProgress(Progress):
    """Redraws the stacks' lines on the given console."""

    def __init__(self, names: Iterable[str], console: Console) -> None:
        super().__init__(names)
        self._console = console
        self._live = Live(console=console, get_renderable=self.draw, refresh_per_second=PER_SECOND)

    def __enter__(self) -> "LiveProgress":
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def draw(self) -> Table:
        """The current lines."""
        now = self.clock()
        return moving_table(
            self._console.width,
            ("mark", "name", "count", "time"),
            (_row(name, track, now) for name, track in self.tracks.items()),
        )


def _row(name: str, track: Track, now: float) -> MovingRow:
    mark = MARKS.get(track.state) or Text(SPINNER[int(now * PER_SECOND) % len(SPINNER)], style="cyan")
    bar = ProgressBar(
        total=track.planned or 1,
        completed=_completed(track),
        width=BAR,
        pulse=_counting(track),
        animation_time=now,
    )
    count = f"{track.done}/{track.planned}" if track.planned else ""
    return MovingRow((mark, name, count, track.elapsed(now)), bar, Text(track.words(now), style="dim"))


def _completed(track: Track) -> float:
    """How much of the bar is full: all of it for a finished stack, even without changes."""
    return track.planned or 1 if track.state is State.DONE else track.done


def _counting(track: Track) -> bool:
    """Whether the stack runs and the number of its changes is not known yet."""
    return track.state is State.RUNNING and not track.counted
