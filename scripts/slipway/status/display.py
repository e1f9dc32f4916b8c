"""Draws a status for a terminal: environments, their hosts, the pipeline, and remarks."""

from collections.abc import Iterator
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from slipway.console.ages import age
from slipway.console.printable import plain
from slipway.console.tables import Note
from slipway.status import tables
from slipway.status.model import PipelineStatus, Status
from slipway.status.remarks import short

FEW = 4  # environments up to which hosts are shown without --env


def draw(status: Status, *, problem: str = "") -> Group:
    """The whole status. problem: why it could not be refreshed, "" if it could."""
    return Group(
        *_heading(status, problem),
        *_environments(status),
        *_hosts(status),
        *_pipeline(status.pipeline, status.at),
        *_remarks(status),
    )


def draw_live(status: Status, *, problem: str = "") -> Group:
    """The same for a screen that may be too small: remarks come first, and links are wrapped."""
    return Group(
        *_heading(status, problem),
        *_remarks(status),
        *_environments(status),
        *_pipeline(status.pipeline, status.at, fold=True),
        *_hosts(status),
    )


def _heading(status: Status, problem: str) -> Iterator[RenderableType]:
    heading = f"{status.service} in {status.account}, {status.region}, at {status.at:%H:%M:%S} UTC"
    yield Text(heading, style="bold")
    if problem:
        yield Text(problem, style="red")


def _environments(status: Status) -> Iterator[RenderableType]:
    yield Text()
    yield tables.environments(status.environments, status.at)


def _hosts(status: Status) -> Iterator[RenderableType]:
    if len(status.environments) <= FEW:
        for environment in status.environments:
            if environment.hosts:
                yield from (
                    Text(),
                    Text(environment.name, style="bold"),
                    tables.hosts(environment.hosts, status.at),
                )


def _pipeline(pipeline: PipelineStatus, now: datetime, *, fold: bool = False) -> Iterator[RenderableType]:
    yield Text()
    if not pipeline.applied:
        said = f"The pipeline {pipeline.name} does not exist yet: apply the delivery stack."
        yield Text(said, style="yellow")
        return
    yield tables.stages(pipeline.stages, now)
    for stage in pipeline.stages:
        if stage.error:
            yield _note(f"{stage.name} failed: {stage.error}", "red")
            if stage.then:
                yield _next(stage.then, fold=fold)
    for wait in pipeline.waits:
        since = f" for {age(wait.since, now)}" if wait.since else ""
        yield _note(f"{wait.stage} waits{since}: {wait.why}", "yellow")
        yield _next(wait.then, fold=fold)


def _next(what: str, *, fold: bool) -> Text:
    """What to do. It is not cut when printed: the terminal wraps it, so that it can be copied."""
    return Text(f"    next: {plain(what)}", no_wrap=not fold, overflow="fold" if fold else "ignore")


def _remarks(status: Status) -> Iterator[RenderableType]:
    told = [
        f"{environment.name}: {remark}"
        for environment in status.environments
        for remark in environment.remarks
    ]
    on = [
        f"{environment.name}: {alarm.name} is in ALARM for {age(alarm.since, status.at)}"
        for environment in status.environments
        for alarm in environment.alarms
        if alarm.state == "ALARM"
    ]
    under_way = [
        f"{environment.name}: {deploying.deployment} is deploying {short(deploying.commit)}"
        f" ({deploying.status}, {age(deploying.since, status.at)}): slipway watch"
        for environment in status.environments
        if (deploying := environment.deploying)
    ]
    if told or on or under_way:
        yield Text()
    for line in under_way:
        yield _note(line, "cyan")
    for line in on:
        yield _note(line, "bold red")
    for line in told:
        yield _note(line, "yellow")


def _note(text: str, style: str) -> Note:
    return Note(Text("!", style=style), Text(plain(text)))
