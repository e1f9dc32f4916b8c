"""Hosts come and go with the instances of their Auto Scaling group, and each gets what the group runs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from local.emulator.process import Emulator, running
from local.rehearsal.codedeploy import fleet as fleets
from local.rehearsal.codedeploy.fleet import RehearsedFleet, make_small
from local.rehearsal.codedeploy.service import CodeDeploy
from local.rehearsal.machines.host import Host
from local.rehearsal.results.record import DeploymentRecord
from slipway.aws.clients import Aws
from slipway.console.errors import SlipwayError
from tests.local.emulator import hosts
from tests.local.emulator.clients import ACCOUNT, REGION, Clients
from tests.local.rehearsal.codedeploy.test_service import BUCKET, HOSTS, Account
from tests.local.rehearsal.fakes import Agents, Balancer, group

Act = Callable[[RehearsedFleet, CodeDeploy], Awaitable[None]]


@dataclass
class Growing(Balancer):
    """Requests hosts during a release, and records which hosts exist when it has ended."""

    meanwhile: Callable[[], Awaitable[None]] | None = None

    def attach(self, host: str) -> None:
        self.told.append(f"{host} attached")

    async def deregister(self, host: str) -> None:
        if self.meanwhile and host == "host-1":
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        await super().deregister(host)


@dataclass
class World:
    """A group of two hosts that commit one was deployed to, and a third that stands for nobody."""

    account: Account
    balancer: Growing = field(default_factory=Growing)
    agents: Agents = field(default_factory=Agents)
    replaced: list[str] = field(default_factory=list)

    def play(self, act: Act) -> list[tuple[str, str, int]]:
        """What was deployed: each commit, how that ended, to how many hosts."""
        return asyncio.run(self._play(act))

    async def _play(self, act: Act) -> list[tuple[str, str, int]]:
        account = self.account
        runner = group(self.balancer, self.agents, hosts=3)
        endpoint, name = account.emulator.endpoint, account.name
        codedeploy = CodeDeploy(
            account.clients, endpoint, name, name, runner, minimum=lambda count: count - 1
        )
        make_small(account.clients, HOSTS)
        async with codedeploy.at_work() as instances:
            fleet = RehearsedFleet(codedeploy, cast(Any, self.balancer), runner.hosts, instances)
            await codedeploy.deploy(account.revision("one"))
            async with fleet.at_work():
                await act(fleet, codedeploy)
        return [
            _words(record) for record in sorted(codedeploy.records.values(), key=lambda record: record.at)
        ]


def _words(record: DeploymentRecord) -> tuple[str, str, int]:
    return record.commit, record.status, len(record.hosts)


@pytest.fixture(scope="module")
def emulated() -> Iterator[Emulator]:
    with running(account=ACCOUNT, region=REGION) as emulator:
        clients = Aws(REGION, emulator.environment)
        hosts.make_group(Clients(emulator.endpoint), HOSTS)
        clients.autoscaling.update_auto_scaling_group(AutoScalingGroupName=HOSTS, DesiredCapacity=2)
        clients.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield emulator


@pytest.fixture
def world(
    emulated: Emulator, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> World:
    account = Account(emulated, Aws(REGION, emulated.environment), request.node.name[:100])
    account.make_group(HOSTS)
    made = World(account)
    monkeypatch.setattr(fleets, "LOOK", 0.01)
    monkeypatch.setattr(Host, "replace", lambda host: made.replaced.append(host.name))
    return made


def test_a_refresh_replaces_every_host_each_with_a_deployment_of_its_own(world: World) -> None:
    async def renew(fleet: RehearsedFleet, _codedeploy: CodeDeploy) -> None:
        old = set(fleet.ids.values())
        world.account.clients.autoscaling.start_instance_refresh(AutoScalingGroupName=HOSTS)
        await fleet.until(lambda: not old & set(fleet.ids.values()))
        await fleet.settled(2)

    assert world.play(renew) == [("one", "Succeeded", 2), ("one", "Succeeded", 1), ("one", "Succeeded", 1)]
    assert sorted(world.replaced) == ["host-1", "host-2"]
    assert world.balancer.told[-1].endswith(" out")
    assert world.agents.played.count("host-3 one ApplicationStart") == 1


def test_a_host_that_comes_in_a_release_gets_what_ran_and_then_the_new_one(world: World) -> None:
    aws, name = world.account.clients, world.account.name
    aws.codedeploy.update_deployment_group(
        applicationName=name,
        currentDeploymentGroupName=name,
        ec2DeploymentOptions={"autoScalingGroupProcessesToSuspend": ["Terminate"]},
    )

    async def release(fleet: RehearsedFleet, codedeploy: CodeDeploy) -> None:
        old = dict(fleet.ids)

        async def grow() -> None:
            await fleet.desire(3)
            await fleet.until(lambda: len(fleet.ids) == 3)
            await fleet.desire(2)
            await fleet.until(lambda: "host-3 one AfterAllowTraffic" in world.agents.played)
            assert old.items() <= fleet.ids.items()

        world.balancer.meanwhile = grow
        await codedeploy.deploy(world.account.revision("two"))
        await fleet.settled(2)
        assert len(old.items() - fleet.ids.items()) == 1

    assert world.play(release) == [
        ("one", "Succeeded", 2),
        ("two", "Succeeded", 2),
        ("one", "Succeeded", 1),
        ("two", "Succeeded", 1),
    ]
    assert len(world.replaced) == 1


def test_what_does_not_come_is_not_waited_for_for_ever(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleets, "PATIENCE", 0.1)

    async def wait(fleet: RehearsedFleet, _codedeploy: CodeDeploy) -> None:
        with pytest.raises(SlipwayError, match="the hosts did not change as expected"):
            await fleet.settled(3)

    world.play(wait)
