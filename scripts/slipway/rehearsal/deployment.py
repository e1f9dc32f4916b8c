"""Deploys a revision to hosts behind a load balancer, in place, as CodeDeploy does.

- A host's events have an order (hooks.py); its agent plays those that are not the load balancer's.
- So many hosts at once as leave the minimum in service; a host that failed is not in service. Once
  another could not be taken out, the deployment has failed, and the rest is never touched. Otherwise it
  has succeeded: with one at a time, even if the last host failed.
  docs.aws.amazon.com/codedeploy/latest/userguide/instances-health.html
- A deployment that failed is rolled back: the last good revision is deployed again, as a new deployment.
  docs.aws.amazon.com/codedeploy/latest/userguide/deployments-rollback-and-redeploy.html
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from slipway.errors import SlipwayError
from slipway.rehearsal.agent import Agents, require
from slipway.rehearsal.hooks import FAILED, ORDER, SUCCEEDED
from slipway.rehearsal.hosts import Host
from slipway.rehearsal.load_balancer import LoadBalancer
from slipway.rehearsal.record import DeploymentRecord, Event, HostRecord
from slipway.rehearsal.revisions import Revision

WORTH_A_WORD = ("BlockTraffic", "ApplicationStart", "ValidateService", "AllowTraffic")

Doing = Callable[[str], None]


@dataclass(frozen=True)
class DeploymentGroup:
    """Hosts, the load balancer before them, and how a revision comes to them.

    minimum: hosts that stay in service. create: makes CodeDeploy's record of a deployment; its id.
    began: the rehearsal's beginning, on the monotonic clock. doing: is told what happens.
    """

    hosts: Sequence[Host]
    balancer: LoadBalancer
    minimum: int
    create: Callable[[Revision], str]
    agents: Agents
    began: float
    doing: Doing
    history: list[Revision] = field(default_factory=list)
    """The revisions that were deployed well, the last one last."""

    async def deploy(self, revision: Revision) -> list[DeploymentRecord]:
        """Deploys a revision; if that fails and there was a good one before, that one again.

        The records of both.
        """
        first = await self._deploy(revision, rollback_of="")
        if first.status == SUCCEEDED:
            self.history.append(revision)
            return [first]
        if not self.history:
            return [first]
        return [first, await self._deploy(self.history[-1], rollback_of=first.id)]

    async def _deploy(self, revision: Revision, *, rollback_of: str) -> DeploymentRecord:
        record = DeploymentRecord(
            id=self.create(revision),
            commit=revision.commit,
            at=self._now(),
            rollback_of=rollback_of,
            hosts=[HostRecord(name=host.name) for host in self.hosts],
        )
        waiting = list(zip(self.hosts, record.hosts, strict=True))
        while waiting and (room := self._room(record)) > 0:
            batch, waiting = waiting[:room], waiting[room:]
            await asyncio.gather(*(self._host(host, each, record.id, revision) for host, each in batch))
        in_service = sum(each.status != FAILED for each in record.hosts)
        record.status = FAILED if waiting or in_service < self.minimum else SUCCEEDED
        record.seconds = round(self._now() - record.at, 2)
        return record

    def _room(self, record: DeploymentRecord) -> int:
        """How many hosts may be taken out now."""
        return sum(each.status != FAILED for each in record.hosts) - self.minimum

    async def _host(self, host: Host, record: HostRecord, id: str, revision: Revision) -> None:
        agent = self.agents.on(host)
        try:
            deployment = await self.agents.bundle(host, id, revision)
            for name in ORDER:
                async with self._event(record, name):
                    if name == "BlockTraffic":
                        await self.balancer.deregister(host.name)
                    elif name == "AllowTraffic":
                        await self.balancer.register(host.name)
                    else:
                        require(await agent.play(name, deployment))
        except SlipwayError as error:
            record.status, record.why = FAILED, str(error)
        else:
            record.status = SUCCEEDED

    @asynccontextmanager
    async def _event(self, record: HostRecord, name: str) -> AsyncIterator[None]:
        at = self._now()
        if name in WORTH_A_WORD:
            self.doing(f"{record.name}: {name}")
        event = Event(name=name, at=at, seconds=0.0, status=FAILED)
        record.events.append(event)
        try:
            yield
            event.status = SUCCEEDED
        finally:
            event.seconds = round(self._now() - at, 2)

    def _now(self) -> float:
        return round(time.monotonic() - self.began, 2)
