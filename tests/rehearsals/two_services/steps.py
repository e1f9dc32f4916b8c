"""The steps: each deploys a release of one service, with requests to both all the while."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from local.rehearsal.codedeploy.service import CodeDeploy
from local.rehearsal.load_generator import HttpClient, Load, by_commit, load
from tests.rehearsals.two_services.metrics import published, target_group_dimension, target_groups_of
from tests.rehearsals.two_services.played_service import LOOK, PlayedService
from tests.rehearsals.two_services.settings import SHARER
from tests.rehearsals.two_services.testbed import TwoServices

PER_SECOND = 30
AT_LEAST = 200  # requests to each service in a step
SOME = 20  # of them before the step begins, and after it has ended
ERRORS = "errors"  # of all paths but the health path
WATCH_SECONDS = 60  # more than it takes to detect the errors
PATIENCE = 120.0  # seconds
FAULTS = "SLIPWAY_FAULTS"


@dataclass(frozen=True)
class Traffic:
    """The requests to one service during a step.

    failures: how many failed, by the error. releases: how many each release answered, with its service.
    """

    requests: int
    failures: Mapping[str, int]
    releases: Mapping[str, int]


@dataclass
class Step:
    """One step. service: the one that is released, or destroyed. seconds: how long it took.

    deployments: status and release of each. traffic: by service.
    """

    title: str
    service: str
    deployments: list[tuple[str, str]] = field(default_factory=list)
    traffic: dict[str, Traffic] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class Results:
    """What was seen.

    first: the owner's first deployment. alarms: those in ALARM when the owner is released. stopping: the
    alarms that stop the owner's releases, with the target groups that they watch; target_group: the owner's.
    after: which release answers in the end, by host name. destroyed: how many resources were.
    """

    first: list[tuple[str, str]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    alarms: set[str] = field(default_factory=set)
    stopping: dict[str, set[str]] = field(default_factory=dict)
    target_group: str = ""
    after: dict[str, str] = field(default_factory=dict)
    destroyed: int = 0


@dataclass(frozen=True)
class Play:
    """The services while CodeDeploy is at work for both. up: ends with the play."""

    testbed: TwoServices
    up: AsyncExitStack
    codedeploy: dict[str, CodeDeploy] = field(default_factory=dict)
    results: Results = field(default_factory=Results)

    async def run(self) -> None:
        """All steps."""
        testbed, results = self.testbed, self.results
        owner, sharer = testbed.both
        await testbed.prepare(self._begin)
        await self.up.enter_async_context(published(testbed.clients, testbed.balancer))
        await self._release("first release of the service that shares", sharer, "one")
        await self._release("release of it that never becomes healthy", sharer, "unready")
        await self._errors("release of it that returns errors", sharer)
        await asyncio.to_thread(self._note_alarms)
        await self._release("good release of the owner", owner, "two")
        await self._release("release of the owner that crashes", owner, "crashes")
        async with self._under_load(Step("the service that shares is destroyed", SHARER)):
            results.destroyed = await sharer.destroy_environment()
            await asyncio.to_thread(testbed.follow)
        for name in (owner.host_name, sharer.host_name):
            client = HttpClient(testbed.balancer.address, testbed.balancer.port, keep=False, host=name)
            answer = await client.ask()
            results.after[name] = answer.failure or testbed.release_of(answer.commit)

    async def _begin(self, service: PlayedService) -> None:
        """Starts CodeDeploy for a service, and releases the owner for the first time."""
        codedeploy = self.codedeploy[service.project.names.service] = service.codedeploy()
        instances = await asyncio.to_thread(service.instances)
        await self.up.enter_async_context(codedeploy.at_work(instances))
        service.targets.attach(service.host.name)
        if service is self.testbed.owner:
            self.results.first = await self._deploy(service, "one")

    async def _release(self, title: str, service: PlayedService, release: str) -> None:
        async with self._under_load(Step(title, service.project.names.service)) as step:
            step.deployments = await self._deploy(service, release)

    async def _errors(self, title: str, service: PlayedService) -> None:
        """A release that is healthy and then returns errors, until an alarm stops it.

        The fault is in its configuration, which is corrected as soon as errors appear: otherwise the rollback
        would have it too.
        """
        group = service.plan.target_group.name
        before = self.testbed.balancer.errors_of(group)
        service.configure(**{FAULTS: ERRORS})
        service.host.watches(WATCH_SECONDS)
        async with self._under_load(Step(title, service.project.names.service)) as step:
            releasing = asyncio.create_task(self._deploy(service, "errors"))
            await _until(lambda: self.testbed.balancer.errors_of(group) > before or releasing.done())
            await asyncio.to_thread(service.unset, FAULTS)
            step.deployments = await releasing

    async def _deploy(self, service: PlayedService, release: str) -> list[tuple[str, str]]:
        async with asyncio.timeout(PATIENCE):  # one that an alarm refuses is never carried out
            records = await service.deploy(self.codedeploy[service.project.names.service], release)
        return [(record.status, service.name_of(record.commit)) for record in records]

    def _note_alarms(self) -> None:
        """Which alarms are in ALARM now, and what those watch that stop the owner's releases."""
        owner, aws, results = self.testbed.owner, self.testbed.clients, self.results
        pages = aws.cloudwatch.get_paginator("describe_alarms").paginate()
        alarms = {alarm["AlarmName"]: alarm for page in pages for alarm in page["MetricAlarms"]}
        results.alarms = {name for name, alarm in alarms.items() if alarm["StateValue"] == "ALARM"}
        stopping = owner.group()["alarmConfiguration"]["alarms"]
        results.stopping = {
            name: set(target_groups_of(alarms[name])) for name in (alarm["name"] for alarm in stopping)
        }
        (group,) = aws.elbv2.describe_target_groups(Names=[owner.plan.target_group.name])["TargetGroups"]
        results.target_group = target_group_dimension(group["TargetGroupArn"])

    @asynccontextmanager
    async def _under_load(self, step: Step) -> AsyncIterator[Step]:
        """Sends requests to both services while the block runs, some before and after it.

        At least ``AT_LEAST`` are sent to each.
        """
        self.results.steps.append(step)
        loop = asyncio.get_running_loop()
        began = loop.time()
        balancer = self.testbed.balancer
        async with AsyncExitStack() as up:
            loads = {
                service.project.names.service: await up.enter_async_context(
                    load(balancer.address, balancer.port, host=service.host_name, per_second=PER_SECOND)
                )
                for service in self.testbed.both
            }
            await _reach((running, SOME) for running in loads.values())
            yield step
            await _reach((running, max(AT_LEAST, len(running.answers) + SOME)) for running in loads.values())
        step.traffic = {service: self._traffic(running) for service, running in loads.items()}
        step.seconds = round(loop.time() - began, 1)

    def _traffic(self, running: Load) -> Traffic:
        answered = by_commit(running.answers)
        return Traffic(
            requests=len(running.answers),
            failures=Counter(answer.failure for answer in running.failures),
            releases={self.testbed.release_of(commit): count for commit, count in answered.items()},
        )


async def play(testbed: TwoServices) -> Results:
    """Prepares the services and plays all steps."""
    async with AsyncExitStack() as up:
        playing = Play(testbed, up)
        await playing.run()
    return playing.results


async def _reach(counts: Iterable[tuple[Load, int]]) -> None:
    """Waits until each load has sent its number of requests."""
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(running.reach(count) for running, count in counts))


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await asyncio.to_thread(condition):
            await asyncio.sleep(LOOK)
