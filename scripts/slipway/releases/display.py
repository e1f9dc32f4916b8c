"""Shows the progress of a deployment: a live table on a terminal, plain lines elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from math import ceil

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.text import Text

from slipway.aws.codedeploy import GONE, Deployment, DeploymentTarget
from slipway.console import message
from slipway.console.ages import duration
from slipway.console.screen import moving
from slipway.console.tables import MovingRow, moving_table
from slipway.releases.changes import changes, watched_for

MOST = 20  # hosts shown at once
BAR = 24  # characters
PER_SECOND = 4  # redraws
MARKS = {
    "Succeeded": Text("✓", style="green"),
    "Failed": Text("✗", style="red"),
    "InProgress": Text("▸", style="cyan"),
    "Skipped": Text("-", style="yellow"),
    GONE: Text("-", style="yellow"),
}
NOT_WATCHED: Mapping[str, int] = {}
FIRST = ("InProgress", "Failed", GONE, "Unknown", "Pending", "Succeeded")  # which hosts to show first


class PlainLines(AbstractContextManager["PlainLines"]):
    """Prints a line for each change of a deployment; a context manager.

    write: prints a line. Default: to stderr. watching: for how many seconds hosts watch a release, by
    deployment group; the minutes left are printed. Default: empty.
    """

    def __init__(
        self, write: Callable[[str], None] = message, watching: Mapping[str, int] = NOT_WATCHED
    ) -> None:
        self._watching, self._write = watching, write
        self._minutes: dict[str, int] = {}
        self._before: Deployment | None = None

    def __exit__(self, *_: object) -> None:
        """Do nothing: there is nothing to close."""

    def show(self, deployment: Deployment) -> None:
        """Show the deployment's current state."""
        before = self._before if self._before and self._before.id == deployment.id else None
        for line in changes(before, deployment):
            self.say(line)
        self._before = deployment
        for host in deployment.targets:
            left = watched_for(host, self._watching, deployment.group, datetime.now(UTC))
            minutes = ceil(left / 60) if left is not None else 0
            if minutes and minutes != self._minutes.get(host.id):
                self.say(f"{host.id}  watches the release, {minutes} min left")
            self._minutes[host.id] = minutes

    def say(self, words: str) -> None:
        """Print a line that is not part of the table."""
        self._write(words)


class HostsTable(PlainLines):
    """A table of hosts that is redrawn on a console; other lines are printed above it."""

    def __init__(self, console: Console, watching: Mapping[str, int] = NOT_WATCHED) -> None:
        super().__init__(lambda words: console.print(Text(words)), watching)
        self._live = Live(console=console, refresh_per_second=PER_SECOND)

    def __enter__(self) -> "HostsTable":
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, deployment: Deployment) -> None:
        """Show the deployment's current state."""
        width = self._live.console.width
        self._live.update(drawn(deployment, datetime.now(UTC), width=width, watching=self._watching))


def display(watching: Mapping[str, int]) -> PlainLines:
    """A live table if stderr is a terminal, else plain lines."""
    console = moving()
    return HostsTable(console, watching) if console else PlainLines(watching=watching)


def drawn(
    deployment: Deployment, now: datetime, *, width: int = 100, watching: Mapping[str, int] = NOT_WATCHED
) -> Group:
    """A heading and a table of hosts, at most 20. width: of the screen, in columns. Default: 100."""
    shown = most_important(deployment.targets)
    left = {host.id: watched_for(host, watching, deployment.group, now) for host in shown}
    table = moving_table(width, ("mark", "host", "count"), (_row(host, left[host.id]) for host in shown))
    more = len(deployment.targets) - len(shown)
    return Group(
        _heading(deployment, now), table, *([Text(f"… and {more} more", style="dim")] if more else [])
    )


def most_important(hosts: Sequence[DeploymentTarget]) -> list[DeploymentTarget]:
    """The 20 hosts to show: those in progress first, then those that failed."""
    if len(hosts) <= MOST:
        return list(hosts)
    return sorted(hosts, key=lambda host: FIRST.index(host.status) if host.status in FIRST else len(FIRST))[
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


def _row(host: DeploymentTarget, watches_for: float | None) -> MovingRow:
    total = len(host.events)
    current = host.failed or host.current
    words = current.name if current else host.status
    if watches_for is not None:
        words = f"watches the release, {duration(watches_for)} left"
    return MovingRow(
        (
            MARKS.get(host.status) or Text("·", style="dim"),
            host.id,
            f"{host.done}/{total}" if total else "",
        ),
        ProgressBar(total=total or 1, completed=host.done, width=BAR),
        Text(words, style="dim"),
    )
