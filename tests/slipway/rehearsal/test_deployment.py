"""CodeDeploy's part, with a load balancer and agents that only note what they were told."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from slipway.errors import SlipwayError
from slipway.rehearsal import hooks
from slipway.rehearsal.deployment import DeploymentGroup
from slipway.rehearsal.engine import Engine
from slipway.rehearsal.hosts import Host
from slipway.rehearsal.record import DeploymentRecord
from slipway.rehearsal.revisions import Revision

ONE, TWO, BAD = (Revision(name, "bucket", f"revisions/{name}.zip", "etag") for name in ("one", "two", "bad"))
NOWHERE = Path("/nonexistent")


@dataclass
class Balancer:
    """Notes who was taken out and let in."""

    told: list[str] = field(default_factory=list)
    unhealthy: str = ""

    async def deregister(self, host: str) -> None:
        self.told.append(f"{host} out")
        await asyncio.sleep(0)  # draining takes a while

    async def register(self, host: str) -> None:
        if host == self.unhealthy:
            raise SlipwayError(f"{host} is not healthy")
        self.told.append(f"{host} in")


@dataclass
class Agents:
    """Plays every event well, but for those of a host or revision that is to fail."""

    failing: tuple[str, ...] = ()
    played: list[str] = field(default_factory=list)

    def on(self, host: Host) -> "Agent":
        return Agent(self, host.name)

    async def bundle(self, _host: Host, _id: str, revision: Revision) -> str:
        return revision.commit


@dataclass
class Agent:
    agents: Agents
    host: str

    async def play(self, name: str, commit: str) -> hooks.Event:
        self.agents.played.append(f"{self.host} {commit} {name}")
        if name == "ValidateService" and {self.host, commit} & set(self.agents.failing):
            return hooks.Event(name, hooks.FAILED, "it is not healthy")
        return hooks.Event(name, hooks.SUCCEEDED)


def group(balancer: Balancer, agents: Agents, *, hosts: int = 2, minimum: int = 1) -> DeploymentGroup:
    ids = iter(f"d-{number}" for number in range(1, 99))
    engine = Engine({}, private=True)
    return DeploymentGroup(
        hosts=[Host(f"host-{n}", engine, "my-app", "127.0.0.1", 1, NOWHERE, {}) for n in range(1, hosts + 1)],
        balancer=cast(Any, balancer),
        minimum=minimum,
        create=lambda _revision: next(ids),
        agents=cast(Any, agents),
        began=0.0,
        doing=lambda _words: None,
    )


def deployed(one: DeploymentGroup, *wanted: Revision) -> list[DeploymentRecord]:
    async def work() -> list[DeploymentRecord]:
        return [record for revision in wanted for record in await one.deploy(revision)]

    return asyncio.run(work())


def statuses(records: Iterable[DeploymentRecord]) -> list[tuple[str, str]]:
    return [(record.commit, record.status) for record in records]


def test_one_host_is_back_before_the_next_is_taken_out() -> None:
    balancer = Balancer()
    records = deployed(group(balancer, Agents()), ONE)
    assert statuses(records) == [("one", "Succeeded")]
    assert balancer.told == ["host-1 out", "host-1 in", "host-2 out", "host-2 in"]


def test_hosts_are_taken_out_together_where_none_has_to_stay() -> None:
    balancer = Balancer()
    deployed(group(balancer, Agents(), minimum=0), ONE)
    assert balancer.told[:2] == ["host-1 out", "host-2 out"]


def test_the_hooks_run_between_out_and_in_and_in_their_order() -> None:
    agents = Agents()
    deployed(group(Balancer(), agents, hosts=1, minimum=0), ONE)
    names = [each.split()[2] for each in agents.played]
    assert names.index("Install") < names.index("ApplicationStart") < names.index("ValidateService")
    assert "BlockTraffic" not in names
    assert "AllowTraffic" not in names


def test_a_host_that_fails_ends_the_deployment_and_the_next_is_never_touched() -> None:
    balancer, agents = Balancer(), Agents(failing=("bad",))
    (record,) = deployed(group(balancer, agents), BAD)
    assert record.status == "Failed"
    assert [host.status for host in record.hosts] == ["Failed", "Skipped"]
    assert record.hosts[0].events[-1].name == "ValidateService"
    assert "it is not healthy" in record.hosts[0].why
    assert balancer.told == ["host-1 out"]


def test_a_failed_deployment_is_rolled_back_to_the_last_good_revision_on_every_host() -> None:
    records = deployed(group(Balancer(), Agents(failing=("bad",))), ONE, TWO, BAD)
    assert statuses(records) == [
        ("one", "Succeeded"),
        ("two", "Succeeded"),
        ("bad", "Failed"),
        ("two", "Succeeded"),
    ]
    assert records[-1].rollback_of == records[-2].id
    assert [host.status for host in records[-1].hosts] == ["Succeeded", "Succeeded"]


def test_a_revision_that_failed_is_never_what_is_gone_back_to() -> None:
    one = group(Balancer(), Agents(failing=("bad",)))
    assert [commit for commit, _ in statuses(deployed(one, ONE, BAD, BAD))] == [
        "one",
        "bad",
        "one",
        "bad",
        "one",
    ]


def test_a_first_deployment_that_fails_has_nothing_to_go_back_to() -> None:
    assert len(deployed(group(Balancer(), Agents(failing=("bad",))), BAD)) == 1


def test_with_one_at_a_time_it_succeeds_even_if_the_last_host_fails() -> None:
    (record,) = deployed(group(Balancer(), Agents(failing=("host-2",))), ONE)
    assert record.status == "Succeeded"
    assert [host.status for host in record.hosts] == ["Succeeded", "Failed"]


def test_a_host_that_the_load_balancer_does_not_find_healthy_has_failed() -> None:
    (record,) = deployed(group(Balancer(unhealthy="host-1"), Agents()), ONE)
    assert record.status == "Failed"
    assert record.hosts[0].events[-1].name == "AllowTraffic"
