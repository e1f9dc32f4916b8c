"""Progress on a terminal: one line for each stack that moves while it works."""

from collections.abc import Iterable

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from slipway.console.tables import MovingRow, moving_table
from slipway.terraform.progress.board import Progress, State, Track

PER_SECOND = 8
BAR = 24  # characters
MARKS = {
    State.WAITING: Text("·", style="dim"),
    State.DONE: Text("✓", style="green"),
    State.FAILED: Text("✗", style="red"),
    State.SKIPPED: Text("-", style="yellow"),
}
SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class LiveProgress(Progress):
    """Draws the stacks' lines over and over, on the given console."""

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
        """The lines as they stand now."""
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
    """A stack that is done has a full bar, even if there was nothing to do."""
    return track.planned or 1 if track.state is State.DONE else track.done


def _counting(track: Track) -> bool:
    """Whether it runs, and it is not known yet how much there is to do."""
    return track.state is State.RUNNING and not track.counted
