"""Runs a rehearsal: testbed, stacks, builds, steps; returns its record."""

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from local.rehearsal import commits
from local.rehearsal.codebuild.builder import Builder
from local.rehearsal.codedeploy.deployment import DeploymentRunner
from local.rehearsal.codedeploy.fleet import RehearsedFleet, make_small
from local.rehearsal.codedeploy.service import CodeDeploy
from local.rehearsal.codedeploy_agent.host_agents import HostAgents
from local.rehearsal.commits import Change
from local.rehearsal.results.record import BuildRecord, RehearsalRecord, StepRecord
from local.rehearsal.results.times import times
from local.rehearsal.scenario import Scenario
from local.rehearsal.setup import Setup
from local.rehearsal.stack_settings import minimum_healthy
from local.rehearsal.steps import (
    BACK,
    BOOT,
    BROKEN,
    COMMAND,
    COMMITS,
    FIRST,
    FOUR,
    GOOD,
    ONE,
    RENEWED,
    SCALED,
    THREE,
    TIME_UP,
    TITLES,
    TWO,
    WATCHED,
)
from local.rehearsal.testbed import running_testbed
from local.rehearsal.together import together
from local.stacks import point_at, synthesised
from slipway.checkout.project import Project
from slipway.processes import interruption
from slipway.terraform.progress.board import State
from slipway.terraform.progress.choose import progress
from slipway.terraform.stacks.manifest import SynthesisedStack

DRAINS = 2.0
"""Seconds for which a host is drained, except when a rollback is timed; longer than any request takes."""


class StepFailed(Exception):
    """A step failed; the steps after it would prove nothing."""


def rehearse(project: Project, working: Path) -> RehearsalRecord:
    """Rehearses releases in the first environment; raises SlipwayError if the rehearsal cannot run."""
    began = time.monotonic()
    output = working / "cdktf.out"
    stacks = {stack.name: stack for stack in interruption.run(synthesised(project, output))}
    names = project.names.environments[0]
    wanted = (project.names.foundation_stack, names.stack, project.names.delivery_stack)
    with (
        running_testbed(project, output, names.environment, working) as testbed,
        progress([*wanted, *titles(project)]) as shown,
    ):
        record = RehearsalRecord(
            service=project.names.service,
            environment=names.environment,
            engine=testbed.engine.version,
            started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        environment = point_at(testbed.aws, output)
        playing = Rehearsal(Setup(testbed, shown, record, began, environment))
        interruption.run(playing.play([stacks[name] for name in wanted]))
        record.settle(time.monotonic() - began)
    return record


def titles(project: Project) -> list[str]:
    """The steps that are run."""
    release = project.settings.release
    left_out = () if release and release.command else (COMMAND,)
    return [title for title in TITLES if title not in left_out]


class Rehearsal:
    """A running rehearsal."""

    def __init__(self, setup: Setup) -> None:
        testbed, began = setup.testbed, setup.began
        self.setup, self.testbed, self.shown, self.record = setup, testbed, setup.shown, setup.record
        self._step = FIRST
        self._built: dict[str, asyncio.Future[BuildRecord]] = {}
        self._first_over, self._pipeline, self._back_over = (asyncio.Event() for _ in range(3))
        self.scenario: Scenario
        group = DeploymentRunner(
            hosts=testbed.hosts,
            balancer=testbed.targets,
            minimum=minimum_healthy(testbed.stack.minimum_healthy, len(testbed.hosts)),
            agents=HostAgents(
                testbed.clients.region,
                testbed.stack.application,
                testbed.stack.deployment_group,
                testbed.logs,
            ),
            began=began,
            doing=self._doing,
        )
        self.codedeploy = CodeDeploy(
            testbed.clients,
            testbed.aws.endpoint,
            testbed.stack.application,
            testbed.stack.deployment_group,
            group,
            minimum=lambda hosts: minimum_healthy(testbed.stack.minimum_healthy, hosts),
        )

    async def play(self, stacks: list[SynthesisedStack]) -> None:
        """Applies the stacks, builds the commits and runs the steps, each as soon as its inputs are ready."""
        foundation, environment, delivery = stacks
        self._built = {name: asyncio.get_running_loop().create_future() for name in COMMITS}
        try:
            await together(
                together(self.setup.apply(foundation), self._prepare(delivery)),
                self._release(environment),
            )
        except StepFailed:
            for title in titles(self.testbed.project):
                if not any(step.title == title for step in self.record.steps):
                    self.shown.begin(title, "skipped")
                    self.shown.end(title, State.SKIPPED, "skipped: an earlier step failed")

    async def _prepare(self, delivery: SynthesisedStack) -> None:
        """Builds the commits one after another, as a pipeline does.

        After the second build `latest` is not the commit that is deployed first; after the third it is the
        broken one.
        """
        builder = await self.setup.builder()
        await self._build(builder, ONE, commits.release(1))
        await self._build(builder, TWO, commits.release(2))
        await self._first_over.wait()
        await self._build(builder, THREE, commits.never_ready)
        await self.setup.apply(delivery)
        self._pipeline.set()
        await self._back_over.wait()  # a build at the same time would slow it down
        await self._build(builder, FOUR, commits.release(4))

    async def _build(self, builder: Builder, name: str, change: Change) -> None:
        self._built[name].set_result(await self.setup.build(builder, name, change))

    async def _release(self, environment: SynthesisedStack) -> None:
        """Deploys the builds, step by step."""
        await self.setup.apply_environment(environment)
        scaling_group = await asyncio.to_thread(self.codedeploy.scaling_group)
        await asyncio.to_thread(make_small, self.testbed.clients, scaling_group)
        async with self.codedeploy.at_work() as instances:
            for name in instances.ids:
                self.testbed.targets.attach(name)
            fleet = RehearsedFleet(self.codedeploy, self.testbed.targets, self.testbed.hosts, instances)
            self.scenario = Scenario(self.testbed, self.codedeploy, fleet, self.setup.began)
            async with self._playing(FIRST) as step:
                await self.scenario.first(step, one := await self._taken(ONE, step))
            self._first_over.set()
            async with self._playing(BOOT) as step:  # while commit 2 is built
                await self.scenario.boot_that_fails(step, one)
            async with self._playing(GOOD) as step:
                await self.scenario.good(step, two := await self._taken(TWO, step))
            async with self._playing(BROKEN) as step:
                await self.scenario.broken(step, await self._taken(THREE, step), two)
            async with self._playing(TIME_UP) as step:
                await self.scenario.time_up(step, await self._built[THREE], two)
            await self._pipeline.wait()  # the command reads the pipeline
            async with self._playing(BACK) as step:
                await self.scenario.back(step, one)
            self._back_over.set()
            if COMMAND in titles(self.testbed.project):
                async with self._playing(COMMAND) as step:
                    await self.scenario.command(step, two, one)
            async with fleet.at_work():
                async with self._playing(SCALED) as step:
                    await self.scenario.scaled(step, two, one)
                async with self._playing(RENEWED) as step:
                    await self.scenario.renewed(step, two)
            async with self._playing(WATCHED) as step:  # the last step: its alarm stays in ALARM for minutes
                await self.scenario.watched(step, await self._taken(FOUR, step), two)
        self.record.times |= times(self.record, one, two)

    async def _taken(self, name: str, step: StepRecord) -> BuildRecord:
        """Waits for a build and records it in the step."""
        step.builds.append(build := await self._built[name])
        return build

    @asynccontextmanager
    async def _playing(self, title: str) -> AsyncIterator[StepRecord]:
        """Runs one step: timed, shown, recorded. Raises StepFailed if a check fails."""
        step = StepRecord(title=title, at=self._now())
        self.record.steps.append(step)
        self._step = title
        self.testbed.targets.drains = math.inf if title == BACK else DRAINS
        self.shown.begin(title, "started")
        try:
            yield step
        except BaseException:
            step.expect("the step is completed", False, "it was interrupted")
            self.shown.end(title, State.FAILED, "interrupted")
            raise
        self.scenario.alarms(step)
        step.seconds = round(self._now() - step.at, 2)
        self.shown.end(title, State.DONE if step.passed else State.FAILED, step.words)
        if not step.passed:
            raise StepFailed(title)

    def _doing(self, words: str) -> None:
        """Shows the progress of the step's deployment."""
        self.shown.begin(self._step, words)

    def _now(self) -> float:
        return round(time.monotonic() - self.setup.began, 2)
