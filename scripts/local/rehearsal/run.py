"""Plays a rehearsal from beginning to end: stage, stacks, builds, acts; its record."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from local.emulator import overrides
from local.rehearsal import commits, swap
from local.rehearsal.codebuild.builder import Builder
from local.rehearsal.codedeploy import revisions
from local.rehearsal.codedeploy.deployment import DeploymentGroup
from local.rehearsal.codedeploy.revisions import Revision
from local.rehearsal.codedeploy.service import CodeDeploy
from local.rehearsal.codedeploy_agent.host_agents import Agents
from local.rehearsal.commits import Change
from local.rehearsal.results.record import Act, BuildRecord, Record
from local.rehearsal.results.times import times
from local.rehearsal.scenario import Cast
from local.rehearsal.setup import Groundwork, alone
from local.rehearsal.stack_settings import minimum_healthy
from local.rehearsal.steps import BACK, BROKEN, COMMITS, FIRST, GOOD, ONE, SWAP, THREE, TITLES, TWO
from local.rehearsal.testbed import stage
from local.rehearsal.together import together
from slipway.checkout.project import Project
from slipway.processes import interruption
from slipway.terraform.progress.board import State
from slipway.terraform.progress.choose import progress
from slipway.terraform.settings import terraform_environment
from slipway.terraform.stacks.manifest import Stack
from slipway.terraform.stacks.synthesis import synthesise


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
        self._built: dict[str, asyncio.Future[BuildRecord]] = {}
        self._applied, self._first_over, self._pipeline = asyncio.Event(), asyncio.Event(), asyncio.Event()
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
        """Applies the stacks, builds the commits, plays the acts: each as soon as what it needs is there."""
        foundation, environment, delivery = stacks
        self._built = {name: asyncio.get_running_loop().create_future() for name in COMMITS}
        try:
            await together(
                together(self.ground.apply(foundation), self._prepare(delivery)),
                self._release(environment),
            )
        except Stopped:
            for title in TITLES:
                if not any(act.title == title for act in self.record.acts):
                    self.shown.begin(title, "skipped")
                    self.shown.end(title, State.SKIPPED, "not played: it would prove nothing")

    async def _prepare(self, delivery: Stack) -> None:
        """Builds one commit after the other, as a pipeline does; in between, measures the gap.

        From the second build on `latest` is not what is released first, from the third on it is broken.
        """
        builder = await self.ground.builder()
        await self._build(builder, ONE, commits.release(1))
        await self._build(builder, TWO, commits.release(2))
        await self._measure(builder)
        await self._first_over.wait()
        await self._build(builder, THREE, commits.never_ready)
        await self.ground.apply(delivery)
        self._pipeline.set()

    async def _build(self, builder: Builder, name: str, change: Change) -> None:
        self._built[name].set_result(await self.ground.build(builder, name, change))

    async def _release(self, environment: Stack) -> None:
        """Deploys what was built, and goes back."""
        await self.ground.apply_environment(environment)
        self._applied.set()
        for host in self.here.hosts:
            self.here.balancer.attach(host.name)
        async with self.codedeploy.at_work():
            async with self._playing(FIRST) as act:
                await self.cast.first(act, one := await self._taken(ONE, act))
            self._first_over.set()
            async with self._playing(GOOD) as act:
                await self.cast.good(act, two := await self._taken(TWO, act))
            async with self._playing(BROKEN) as act:
                await self.cast.broken(act, await self._taken(THREE, act), two)
            await self._pipeline.wait()  # the command looks for it
            async with self._playing(BACK) as act:
                await self.cast.back(act, one)
        self.record.times |= times(self.record, one, two)

    async def _taken(self, name: str, act: Act) -> BuildRecord:
        """A build, which the act is of, once it is there."""
        act.builds.append(build := await self._built[name])
        return build

    async def _measure(self, builder: Builder) -> None:
        """The gap on one host, between the first commit and the same on another base image."""
        async with self._playing(SWAP) as act:
            base = await asyncio.to_thread(self.here.other_base_image, "other")
            other = await self.ground.build(builder, f"{ONE}, new base", commits.release(1), base)
            act.builds.append(other)
            ours, plain = self.here.spares
            gaps = await swap.measure(
                ours,
                plain,
                self._revision(await self._built[ONE]),
                self._revision(other),
                agents=self.codedeploy.group.agents,
                images=self.here.images,
            )
            self.record.times |= {"gap_seconds": gaps.ours, "plain_gap_seconds": gaps.plain}
            if self.here.engine.private:  # an engine that is shared has the layers from the build already
                found = f"it is {gaps.ours} s, and that {gaps.plain} s, at best"
                act.expect("the gap is at most half of that of stop, pull, run", gaps.good, found)
            await self._applied.wait()  # or there are no alarms to look at

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
            act.expect("it is played to its end", False, "it was broken off")
            self.shown.end(title, State.FAILED, "broken off")
            raise
        self.cast.alarms(act)
        act.seconds = round(self._now() - act.at, 2)
        self.shown.end(title, State.DONE if act.passed else State.FAILED, act.words)
        if not act.passed:
            raise Stopped(title)

    def _revision(self, build: BuildRecord) -> Revision:
        names = self.here.project.names
        return revisions.find(self.here.clients, names.artifact_bucket, names.revision_prefix, build.commit)

    def _doing(self, words: str) -> None:
        """What a deployment does; only the measuring, which makes none, is played beside another act."""
        self.shown.begin(self._act, words)

    def _now(self) -> float:
        return round(time.monotonic() - self.ground.began, 2)
