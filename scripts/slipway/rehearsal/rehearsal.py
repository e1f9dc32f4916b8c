"""Plays a rehearsal from beginning to end: stage, stacks, builds, acts; its record."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from slipway import interruption
from slipway.demo.run import LOCK_TIMEOUT
from slipway.emulator import overrides
from slipway.progress.board import State
from slipway.progress.choose import Progress, progress
from slipway.project import Project
from slipway.rehearsal import commits, revisions, swap
from slipway.rehearsal.acts import Cast
from slipway.rehearsal.agent import Agents
from slipway.rehearsal.blueprint import minimum_healthy
from slipway.rehearsal.builds import Builder
from slipway.rehearsal.codedeploy import CodeDeploy
from slipway.rehearsal.commits import Change
from slipway.rehearsal.deployment import DeploymentGroup
from slipway.rehearsal.record import Act, BuildRecord, Record
from slipway.rehearsal.revisions import Revision
from slipway.rehearsal.stage import Stage, stage
from slipway.stacks.engine import Engine, require_all_done
from slipway.stacks.manifest import Stack
from slipway.stacks.synthesis import synthesise
from slipway.terraform.settings import terraform_environment

FIRST, SWAP, GOOD, BROKEN, BACK, TYPED = TITLES = (
    "first release",
    "gap on one host",
    "good release",
    "broken release",
    "rollback by hand",
    "slipway rollback",
)
S = TypeVar("S")
T = TypeVar("T")
PARAMETERS = {
    "LOG_LEVEL": "info",
    "REHEARSAL_SECRET": "only root may read this",
    "SHUTDOWN_GRACE_SECONDS": "1",  # each host has been drained when its container is stopped
}
LOOK = 0.5  # seconds between two looks


class Stopped(Exception):
    """An act did not go as it has to: what follows would prove nothing."""


def rehearse(project: Project, working: Path) -> Record:
    """Rehearses a release in the first environment; raises SlipwayError if it cannot be played."""
    began = time.monotonic()
    output = working / "cdktf.out"
    stacks = {each.name: each for each in interruption.run(synthesise(project.root, output))}
    names = project.names.environments[0]
    wanted = (project.names.foundation_stack, names.stack, project.names.delivery_stack)
    with stage(project, output, names.environment, working) as here, progress([*wanted, *TITLES]) as shown:
        overrides.write(output)
        record = Record(
            service=project.names.service,
            environment=names.environment,
            engine=here.engine.version,
            started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        environment = terraform_environment(working, here.aws.environment)
        playing = Rehearsal(here, shown, record, began, environment)
        interruption.run(playing.play([_alone(stacks[name]) for name in wanted]))
        record.settle(time.monotonic() - began)
    return record


class Rehearsal:
    """A rehearsal under way."""

    def __init__(
        self, here: Stage, shown: Progress, record: Record, began: float, environment: dict[str, str]
    ) -> None:
        self.here, self.shown, self.record, self.began = here, shown, record, began
        self._environment = environment
        self._act = FIRST
        group = DeploymentGroup(
            hosts=here.hosts,
            balancer=here.balancer,
            minimum=minimum_healthy(here.blueprint.minimum_healthy, len(here.hosts)),
            agents=Agents(
                here.clients.region, here.blueprint.application, here.blueprint.deployment_group, here.logs
            ),
            began=began,
            doing=self._doing,
        )
        self.codedeploy = CodeDeploy(
            here.clients,
            here.aws.endpoint,
            here.blueprint.application,
            here.blueprint.deployment_group,
            group,
        )
        self.cast = Cast(here, self.codedeploy, began)

    async def play(self, stacks: list[Stack]) -> None:
        """The acts, after what they need; while the second stack is applied, the first commit is built."""
        foundation, environment, delivery = stacks
        (builder, one), _ = await _together(
            self._first_build(foundation), self._apply_environment(environment)
        )
        try:
            async with self.codedeploy.at_work():
                await self._acts(builder, one, delivery)
        except Stopped:
            for title in TITLES[len(self.record.acts) :]:
                self.shown.begin(title, "skipped")
                self.shown.end(title, State.SKIPPED, "not played: it would prove nothing")

    async def _first_build(self, foundation: Stack) -> tuple[Builder, BuildRecord]:
        stand_in, _ = await _together(
            asyncio.to_thread(self.here.base_image, self.here.project.root), self._apply(foundation)
        )
        self.record.base_image = "a stand-in, this machine's Python" if stand_in else "the Dockerfile's own"
        builder = self.here.builder(stand_in)
        return builder, await self._build(builder, "commit 1", commits.release(1))

    async def _apply_environment(self, stack: Stack) -> None:
        """Of the foundation it needs CodeDeploy's application alone, so it does not wait for the rest."""
        application = self.here.blueprint.application
        for name, value in PARAMETERS.items():
            path = f"{self.here.project.names.environments[0].parameter_path}/{name}"
            self.here.clients.ssm.put_parameter(Name=path, Value=value, Type="SecureString")
        while application not in self.here.clients.codedeploy.list_applications()["applications"]:
            await asyncio.sleep(LOOK)
        await self._apply(stack)

    async def _acts(self, builder: Builder, one: BuildRecord, delivery: Stack) -> None:
        """The next commit is built while one is deployed, as a pipeline does."""
        for host in self.here.hosts:
            self.here.balancer.attach(host.name)
        _, two = await _together(self._first(one), self._swap(builder, one, delivery))
        async with self._playing(GOOD) as act:
            building = asyncio.create_task(self._build(builder, "commit 3", commits.never_ready))
            await self.cast.good(act, two)
            three = await building
            act.builds.append(three)
        async with self._playing(BROKEN) as act:
            await self.cast.broken(act, three, two)
        async with self._playing(BACK) as act:
            await self.cast.back(act, one)
        async with self._playing(TYPED) as act:
            await self.cast.typed(act, two)
        self._note_times(one, two)

    async def _first(self, one: BuildRecord) -> None:
        async with self._playing(FIRST) as act:
            act.builds.append(one)
            await self.cast.first(act, one)

    async def _swap(self, builder: Builder, one: BuildRecord, delivery: Stack) -> BuildRecord:
        """Measures the gap while the first release drains and waits; then what the next acts need.

        The gap is that between the first commit and the same on another base image.
        """
        async with self._playing(SWAP) as act:
            other_base = await asyncio.to_thread(self.here.other_base_image, "other")
            other = await self._build(builder, "commit 1, new base", commits.release(1), other_base)
            act.builds.append(other)
            ours, plain = self.here.spares
            gaps = await swap.measure(
                ours,
                plain,
                self._revision(one),
                self._revision(other),
                agents=self.codedeploy.group.agents,
                images=self.here.images,
            )
            self.record.times |= {"gap_seconds": gaps.ours, "plain_gap_seconds": gaps.plain}
            if self.here.engine.private:  # an engine that is shared has the layers from the build already
                found = f"it is {gaps.ours} s, and that {gaps.plain} s, at best"
                act.expect("the gap is at most half of that of stop, pull, run", gaps.good, found)
            two = await self._build(builder, "commit 2", commits.release(2))
            act.builds.append(two)
        await self._apply(delivery)
        return two

    @asynccontextmanager
    async def _playing(self, title: str) -> AsyncIterator[Act]:
        """One act: timed, shown, its checks heeded. Raises Stopped if one does not hold."""
        act = Act(title=title, at=self._now())
        self.record.acts.append(act)
        if title != SWAP:
            self._act = title
        self.shown.begin(title, "begins")
        try:
            yield act
        except BaseException:
            self.shown.end(title, State.FAILED, "broken off")
            raise
        self.cast.alarms(act)
        act.seconds = round(self._now() - act.at, 2)
        self.shown.end(title, State.DONE if act.passed else State.FAILED, _words(act))
        if not act.passed:
            raise Stopped(title)

    async def _build(self, builder: Builder, name: str, change: Change, base_image: str = "") -> BuildRecord:
        commit = commits.make(self.here.project.root, self.here.directory / "source", name, change)
        self.record.names[commit.hash] = name
        return await builder.build(commit, self.began, base_image=base_image)

    async def _apply(self, stack: Stack) -> None:
        outcomes = await Engine((stack,), self._environment, self.shown, LOCK_TIMEOUT).apply()
        require_all_done(outcomes)

    def _revision(self, build: BuildRecord) -> Revision:
        names = self.here.project.names
        return revisions.find(self.here.clients, names.artifact_bucket, names.revision_prefix, build.commit)

    def _note_times(self, one: BuildRecord, two: BuildRecord) -> None:
        first, _, good, broken, back, typed = self.record.acts
        forward, rollback = good.deployments[0], typed.deployments[0]
        self.record.times |= {
            "build_cold_seconds": one.seconds,
            "build_warm_seconds": two.seconds,
            "push_seconds": one.push_seconds,
            "push_warm_seconds": two.push_seconds,
            "first_deployment_seconds": first.deployments[0].seconds,
            "deployment_seconds": forward.seconds,
            "deployment_seconds_without_draining": forward.seconds_without_draining,
            "automatic_rollback_seconds": broken.deployments[-1].seconds,
            "rollback_by_hand_seconds": back.deployments[0].seconds,
            "rollback_seconds": rollback.seconds,
            "rollback_seconds_without_draining": rollback.seconds_without_draining,
        }

    def _doing(self, words: str) -> None:
        """What a deployment does; only the measuring, which makes none, is played beside another act."""
        self.shown.begin(self._act, words)

    def _now(self) -> float:
        return round(time.monotonic() - self.began, 2)


async def _together(one: Coroutine[Any, Any, S], other: Coroutine[Any, Any, T]) -> tuple[S, T]:
    """Does both at the same time; where one fails, the other is cancelled, and that failure is raised."""
    tasks = asyncio.ensure_future(one), asyncio.ensure_future(other)
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _alone(stack: Stack) -> Stack:
    """The stack, without those that it needs: they are applied one after the other here."""
    return replace(stack, dependencies=())


def _words(act: Act) -> str:
    if not act.passed:
        return f"failed: {sum(not check.holds for check in act.checks)} of {len(act.checks)} checks"
    asked = f", {act.requests} requests, none failed" if act.requests else ""
    return f"as it has to be: {len(act.checks)} checks{asked}"
