"""Draws the catalog as a table: one line for each release, with its last deployment in each environment."""

from collections.abc import Iterator
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from slipway.console.ages import age
from slipway.console.printable import plain
from slipway.console.tables import Rows
from slipway.releases.document import Entry, Releases

FEW = 4  # environments that get a column of their own
WIDE = 100  # columns of a terminal, from which the execution is shown too
STYLES = {"Succeeded": "", "Failed": "red", "Stopped": "red", "InProgress": "cyan"}
IMAGES = {
    "present": Text("present", style="green"),
    "gone": Text("gone", style="red"),
    "unknown": Text("?", style="dim"),
}


def draw(document: Releases, *, width: int) -> Group:
    """The whole list. width: of the terminal, in columns."""
    return Group(*_parts(document, width))


def _parts(document: Releases, width: int) -> Iterator[RenderableType]:
    if not document.releases:
        yield Text("nothing was built or deployed yet: push a commit; slipway status shows the pipeline")
        return
    columns = document.environments if len(document.environments) <= FEW else ()
    execution = ["execution"] if width >= WIDE else []
    made = Rows("release", "built", "image", "scan", *(columns or ["runs in", "rollback in"]), *execution)
    for release in document.releases:
        cells = [_cell(release, name, document.at) for name in columns] or _names(release)
        built = age(release.built_at, document.at)
        ids = [release.execution[:8]] if execution else []
        made.add_row(plain(release.commit[:12]), built, IMAGES[release.image], _scan(release), *cells, *ids)
    yield made
    yield from _below(document)


def _cell(entry: Entry, environment: str, now: datetime) -> Text:
    result = entry.results.get(environment)
    when = age(result.at, now) if result else ""
    if environment in entry.runs_in:
        return Text(f"runs {when}", style="bold green")
    if environment in entry.rollback_in:
        return Text(f"rollback {when}", style="bold cyan")
    return Text(f"{result.status} {when}", style=STYLES.get(result.status, "yellow")) if result else Text("-")


def _names(entry: Entry) -> list[Text]:
    return [
        Text(" ".join(entry.runs_in), style="bold green"),
        Text(" ".join(entry.rollback_in), style="cyan"),
    ]


def _scan(entry: Entry) -> Text:
    if entry.findings is None:
        return Text("?", style="dim")
    grave = {name: entry.findings.get(name, 0) for name in ("CRITICAL", "HIGH")}
    if not any(grave.values()):
        return Text("clean" if not any(entry.findings.values()) else "minor", style="green")
    said = " ".join(f"{number} {name.lower()[:4]}" for name, number in grave.items() if number)
    return Text(said, style="bold red" if grave["CRITICAL"] else "yellow")


def _below(document: Releases) -> Iterator[RenderableType]:
    yield Text()
    for name in document.environments:
        if not any(name in release.rollback_in for release in document.releases):
            yield Text(f"{name}: no release to roll back to", style="yellow")
    for release in document.releases:
        if release.problem:
            yield Text(plain(f"{release.commit[:12]}: {release.problem}"), style="yellow")
    shown = len(document.releases)
    more = f"{shown} of {document.known} shown; --all lists all. " if document.known > shown else ""
    yield Text(
        f'{more}"runs": the last successful deployment; "rollback": what slipway rollback deploys.',
        style="dim",
    )
