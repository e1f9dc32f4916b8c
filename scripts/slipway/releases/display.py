"""Shows a deployment while it goes on: hosts that move on a terminal, plain lines anywhere else."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.text import Text

from slipway.aws.codedeploy import GONE, Deployment, DeploymentTarget
from slipway.console import message
from slipway.console.ages import duration
from slipway.console.screen import moving
from slipway.console.tables import MovingRow, moving_table
from slipway.releases.changes import changes

MOST = 20  # hosts that are shown at a time
BAR = 24  # characters
PER_SECOND = 4
MARKS = {
    "Succeeded": Text("✓", style="green"),
    "Failed": Text("✗", style="red"),
    "InProgress": Text("▸", style="cyan"),
    "Skipped": Text("-", style="yellow"),
    GONE: Text("-", style="yellow"),
}
FIRST = ("InProgress", "Failed", GONE, "Unknown", "Pending", "Succeeded")  # to be shown, of many


class PlainLines(AbstractContextManager["PlainLines"]):
    """A line for each thing that happens to a deployment; a context that lasts while it is followed."""

    def __init__(self, write: Callable[[str], None] = message) -> None:
        self._write = write
        self._before: Deployment | None = None

    def __exit__(self, *_: object) -> None:
        """Nothing is left open."""

    def show(self, deployment: Deployment) -> None:
        """The deployment as it is now."""
        before = self._before if self._before and self._before.id == deployment.id else None
        for line in changes(before, deployment):
            self.say(line)
        self._before = deployment

    def say(self, words: str) -> None:
        """Something besides."""
        self._write(words)


class HostsTable(PlainLines):
    """A table of hosts that is drawn over and over on a console; what is said besides stands above it."""

    def __init__(self, console: Console) -> None:
        super().__init__(lambda words: console.print(Text(words)))
        self._live = Live(console=console, refresh_per_second=PER_SECOND)

    def __enter__(self) -> "HostsTable":
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, deployment: Deployment) -> None:
        """The deployment as it is now."""
        width = self._live.console.width
        self._live.update(drawn(deployment, datetime.now(UTC), width=width))


def display() -> PlainLines:
    """What suits standard error."""
    console = moving()
    return HostsTable(console) if console else PlainLines()


def drawn(deployment: Deployment, now: datetime, *, width: int = 100) -> Group:
    """The deployment, then its hosts: of many, those that matter most. width: of the screen."""
    shown = most_important(deployment.targets)
    table = moving_table(width, ("mark", "host", "count"), map(_row, shown))
    more = len(deployment.targets) - len(shown)
    return Group(
        _heading(deployment, now), table, *([Text(f"… and {more} more", style="dim")] if more else [])
    )


def most_important(hosts: Sequence[DeploymentTarget]) -> list[DeploymentTarget]:
    """As many as are shown: those that something happens on, then those that went wrong."""
    if len(hosts) <= MOST:
        return list(hosts)
    return sorted(hosts, key=lambda each: FIRST.index(each.status) if each.status in FIRST else len(FIRST))[
        :MOST
    ]


def _heading(deployment: Deployment, now: datetime) -> Text:
    elapsed = ((deployment.completed or now) - deployment.created).total_seconds()
    done = (
        f", {deployment.count('Succeeded')} of {len(deployment.targets)} hosts" if deployment.targets else ""
    )
    return Text(
        f"{deployment.id}  {deployment.group}  {deployment.status}  {duration(max(0, elapsed))}{done}"
    )


def _row(host: DeploymentTarget) -> MovingRow:
    total = len(host.events)
    current = host.failed or host.current
    words = current.name if current else host.status
    return MovingRow(
        (
            MARKS.get(host.status) or Text("·", style="dim"),
            host.id,
            f"{host.done}/{total}" if total else "",
        ),
        ProgressBar(total=total or 1, completed=host.done, width=BAR),
        Text(words, style="dim"),
    )
