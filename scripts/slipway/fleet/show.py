"""Draws a status for people: environments first, then their hosts, the pipeline, and what to look at."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from slipway.ages import age
from slipway.fleet.model import Alarm, Environment, Host, Pipeline, Status
from slipway.fleet.remarks import short
from slipway.plain import plain
from slipway.tables import table

FEW = 4  # environments whose hosts are shown without being asked for
STYLES = {
    "healthy": "green",
    "unhealthy": "bold red",
    "Succeeded": "green",
    "Failed": "bold red",
    "InProgress": "cyan",
}


def draw(status: Status) -> Group:
    """The whole status."""
    return Group(*_parts(status))


def _parts(status: Status) -> Iterator[RenderableType]:
    now = status.at
    heading = f"{status.service} in {status.account}, {status.region}, at {now:%H:%M:%S} UTC"
    yield Text(heading, style="bold")
    yield Text()
    yield _environments(status.environments, now)
    if len(status.environments) <= FEW:
        for each in status.environments:
            if each.hosts:
                yield from (Text(), Text(each.name, style="bold"), _hosts(each.hosts, now))
    yield Text()
    yield from _pipeline(status.pipeline, now)
    yield from _remarks(status)


def _environments(environments: Iterable[Environment], now: datetime) -> Table:
    made = table("environment", "release", "age", "healthy hosts", "alarms")
    for each in environments:
        release = each.release
        made.add_row(
            each.name,
            short(release.commit) if release else "-",
            age(release.since, now) if release else "",
            _healthy(each),
            _alarms(each.alarms),
        )
    return made


def _healthy(environment: Environment) -> Text:
    if not environment.applied:
        return Text("not applied", style="dim")
    whole = environment.healthy == len(environment.hosts) and environment.hosts
    said = f"{environment.healthy} of {len(environment.hosts)}"
    if environment.hosts_differ:
        return Text(f"{said}, differ", style="bold yellow")
    return Text(said, style="green" if whole else "bold red")


def _alarms(alarms: tuple[Alarm, ...]) -> Text:
    on = [each for each in alarms if each.state == "ALARM"]
    if not alarms:
        return Text("-", style="dim")
    return Text(f"{len(on)} in ALARM", style="bold red") if on else Text("quiet", style="green")


def _hosts(hosts: Iterable[Host], now: datetime) -> Padding:
    made = table("host", "zone", "release", "image", "age", "health")
    for host in hosts:
        runs = host.runs
        made.add_row(
            host.id,
            host.zone[-2:],
            Text(short(runs.commit) if runs else "none known", style="yellow" if host.drifted else ""),
            runs.digest.removeprefix("sha256:")[:12] if runs else "",
            age(runs.since, now) if runs else "",
            Text(host.health or "-", style=STYLES.get(host.health, "yellow")),
        )
    return Padding(made, (0, 0, 0, 2))


def _pipeline(pipeline: Pipeline, now: datetime) -> Iterator[RenderableType]:
    if not pipeline.applied:
        yield Text(
            f"The pipeline {pipeline.name} is not there yet: apply the delivery stack.", style="yellow"
        )
        return
    made = table("stage", "status", "commit", "age")
    for stage in pipeline.stages:
        status = Text(stage.status or "never ran", style=STYLES.get(stage.status, "dim"))
        made.add_row(stage.name, status, stage.commit[:12], age(stage.since, now))
    yield made
    for stage in pipeline.stages:
        if stage.error:
            yield _note(f"{stage.name} failed: {stage.error}", "red")
    for wait in pipeline.waits:
        since = f" for {age(wait.since, now)}" if wait.since else ""
        yield _note(f"{wait.stage} waits{since}: {wait.why}", "yellow")
        # A link is not cut in two: a terminal goes on with it in the next line, and it can be copied.
        yield Text(f"    next: {plain(wait.then)}", no_wrap=True, overflow="ignore")


def _remarks(status: Status) -> Iterator[RenderableType]:
    told = [f"{each.name}: {remark}" for each in status.environments for remark in each.remarks]
    on = [
        f"{each.name}: {alarm.name} is in ALARM for {age(alarm.since, status.at)}"
        for each in status.environments
        for alarm in each.alarms
        if alarm.state == "ALARM"
    ]
    under_way = [
        f"{each.name}: {each.deploying.deployment} is bringing {short(each.deploying.commit)}"
        f" ({each.deploying.status}, {age(each.deploying.since, status.at)}): slipway watch"
        for each in status.environments
        if each.deploying
    ]
    if told or on or under_way:
        yield Text()
    for line in under_way:
        yield _note(line, "cyan")
    for line in on:
        yield _note(line, "bold red")
    for line in told:
        yield _note(line, "yellow")


def _note(text: str, style: str) -> Table:
    """A line with a mark before it, that goes on beneath itself where it is too long."""
    made = Table.grid(padding=(0, 1))
    made.add_row(Text("!", style=style), Text(plain(text)))
    return made
