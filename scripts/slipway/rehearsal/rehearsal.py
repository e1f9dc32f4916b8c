"""Plays a rehearsal from beginning to end: stage, stacks, builds, acts; its record."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from slipway import interruption
from slipway.emulator import overrides
from slipway.progress.board import State
from slipway.progress.choose import progress
from slipway.project import Project
from slipway.rehearsal import commits, revisions, swap
from slipway.rehearsal.acts import Cast
from slipway.rehearsal.agent import Agents
from slipway.rehearsal.blueprint import minimum_healthy
from slipway.rehearsal.builds import Builder
from slipway.rehearsal.codedeploy import CodeDeploy
from slipway.rehearsal.deployment import DeploymentGroup
from slipway.rehearsal.groundwork import Groundwork, alone
from slipway.rehearsal.record import Act, BuildRecord, Record
from slipway.rehearsal.revisions import Revision
from slipway.rehearsal.stage import stage
from slipway.rehearsal.together import together
from slipway.stacks.manifest import Stack
from slipway.stacks.synthesis import synthesise
from slipway.terraform.settings import terraform_environment

FIRST, SWAP, GOOD, BROKEN, BACK = TITLES = (
    "first release",
    "gap on one host",
    "good release",
    "broken release",
    "rollback by hand",
)


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
        playing = Rehearsal(Groundwork(here, shown, record, began, environment))
        interruption.run(playing.play([alone(stacks[name]) for name in wanted]))
        record.settle(time.monotonic() - began)
    return record


class Rehearsal:
    """A rehearsal under way."""

    def __init__(self, ground: Groundwork) -> None:
        here, began = ground.here, ground.began
        self.ground, self.here, self.shown, self.record = ground, here, ground.shown, ground.record
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
        """The acts, after what they need; while stacks are applied, the first commit is built."""
        foundation, environment, delivery = stacks
        (builder, one, other), _ = await together(
            self.ground.first_builds(foundation), self.ground.apply_environment(environment)
        )
        try:
            async with self.codedeploy.at_work():
                await self._acts(builder, one, other, delivery)
        except Stopped:
            for title in TITLES[len(self.record.acts) :]:
                self.shown.begin(title, "skipped")
                self.shown.end(title, State.SKIPPED, "not played: it would prove nothing")

    async def _acts(self, builder: Builder, one: BuildRecord, other: BuildRecord, delivery: Stack) -> None:
        """The next commit is built while one is deployed, as a pipeline does."""
        for host in self.here.hosts:
            self.here.balancer.attach(host.name)
        _, two = await together(self._first(one), self._swap(builder, one, other))
        async with self._playing(GOOD) as act:
            _, three = await together(self.cast.good(act, two), self._next(builder, delivery))
            act.builds.append(three)
        async with self._playing(BROKEN) as act:
            await self.cast.broken(act, three, two)
        async with self._playing(BACK) as act:
            await self.cast.typed(act, one)
        self._note_times(one, two)

    async def _first(self, one: BuildRecord) -> None:
        async with self._playing(FIRST) as act:
            act.builds.append(one)
            await self.cast.first(act, one)

    async def _swap(self, builder: Builder, one: BuildRecord, other: BuildRecord) -> BuildRecord:
        """Measures the gap while the first release drains and waits; then builds the second commit.

        The gap is that between the first commit and the same on another base image.
        """
        async with self._playing(SWAP) as act:
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
            two = await self.ground.build(builder, "commit 2", commits.release(2))
            act.builds.append(two)
        return two

    async def _next(self, builder: Builder, delivery: Stack) -> BuildRecord:
        """Builds the third commit; then the pipeline is made, which only the last act looks for."""
        three = await self.ground.build(builder, "commit 3", commits.never_ready)
        await self.ground.apply(delivery)
        return three

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

    def _revision(self, build: BuildRecord) -> Revision:
        names = self.here.project.names
        return revisions.find(self.here.clients, names.artifact_bucket, names.revision_prefix, build.commit)

    def _note_times(self, one: BuildRecord, two: BuildRecord) -> None:
        first, _, good, broken, back = self.record.acts
        forward, rollback = good.deployments[0], back.deployments[0]
        self.record.times |= {
            "build_cold_seconds": one.seconds,
            "build_warm_seconds": two.seconds,
            "push_seconds": one.push_seconds,
            "push_warm_seconds": two.push_seconds,
            "first_deployment_seconds": first.deployments[0].seconds,
            "deployment_seconds": forward.seconds,
            "deployment_seconds_without_draining": forward.seconds_without_draining,
            "automatic_rollback_seconds": broken.deployments[-1].seconds,
            "rollback_seconds": rollback.seconds,
            "rollback_seconds_without_draining": rollback.seconds_without_draining,
        }

    def _doing(self, words: str) -> None:
        """What a deployment does; only the measuring, which makes none, is played beside another act."""
        self.shown.begin(self._act, words)

    def _now(self) -> float:
        return round(time.monotonic() - self.ground.began, 2)


def _words(act: Act) -> str:
    if not act.passed:
        return f"failed: {sum(not check.holds for check in act.checks)} of {len(act.checks)} checks"
    asked = f", {act.requests} requests, none failed" if act.requests else ""
    return f"as it has to be: {len(act.checks)} checks{asked}"
