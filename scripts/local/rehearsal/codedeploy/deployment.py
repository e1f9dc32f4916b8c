"""Carries out a deployment on hosts behind a load balancer, in place, as CodeDeploy does.

- A host's events have an order; its agent (codedeploy_agent/) runs those that are not the load balancer's.
- So many hosts at once as leave the minimum in service; a host that failed is not in service. Once
  another could not be taken out, the deployment has failed, and the rest is never touched. Otherwise it
  has succeeded: with one at a time, even if the last host failed.
  docs.aws.amazon.com/codedeploy/latest/userguide/instances-health.html
- One that is stopped finishes the events that are under way, and begins no others.
  docs.aws.amazon.com/codedeploy/latest/userguide/deployments-stop.html
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from local.rehearsal.codedeploy.revisions import Revision
from local.rehearsal.codedeploy_agent.agent import FAILED, ORDER, SKIPPED, SUCCEEDED, HookFailed
from local.rehearsal.codedeploy_agent.host_agents import HostAgents
from local.rehearsal.machines.host import Host
from local.rehearsal.results.record import IN_PROGRESS, DeploymentRecord, EventRecord, HostRecord
from slipway.console.errors import SlipwayError

STOPPED = "Stopped"
WORTH_A_WORD = ("BlockTraffic", "ApplicationStart", "ValidateService", "AllowTraffic")

Doing = Callable[[str], None]
Tell = Callable[[DeploymentRecord], Awaitable[bool]]
"""Hears how far a deployment is; says whether it is to go on."""


class Balancer(Protocol):
    """What lets requests in to a host, by its name, and keeps them out."""

    async def register(self, host: str) -> None:
        """Lets it in; returns once it is healthy, or raises SlipwayError."""

    async def deregister(self, host: str) -> None:
        """Takes it out; returns once it is drained."""


class DeploymentStopped(Exception):
    """Somebody, or an alarm, has stopped the deployment."""


@dataclass(frozen=True)
class DeploymentRequest:
    """A deployment that somebody has created. undoes: the id of the one that CodeDeploy rolls back by it."""

    id: str
    revision: Revision
    undoes: str = ""


@dataclass(frozen=True)
class DeploymentRunner:
    """Hosts, the load balancer before them, and how a revision comes to them.

    minimum: hosts that stay in service. began: the rehearsal's beginning, on the monotonic clock.
    doing: is told what happens.
    """

    hosts: Sequence[Host]
    balancer: Balancer
    minimum: int
    agents: HostAgents
    began: float
    doing: Doing

    async def carry_out(self, order: DeploymentRequest, tell: Tell) -> DeploymentRecord:
        """Deploys to one host after the other; its record, which says how it ended."""
        record = self._record(order.id, order.revision.commit)
        record.rollback_of = order.undoes
        waiting = list(zip(self.hosts, record.hosts, strict=True))
        while waiting and (room := self._room(record)) > 0 and record.status != STOPPED:
            batch, waiting = waiting[:room], waiting[room:]
            await asyncio.gather(*(self._host(host, each, record, order, tell) for host, each in batch))
        for _, each in waiting:
            each.status = SKIPPED
        if record.status != STOPPED and not await tell(record):
            record.status = STOPPED  # in the last event, which was let finish
        if record.status != STOPPED:
            in_service = sum(each.status != FAILED for each in record.hosts)
            record.status = FAILED if waiting or in_service < self.minimum else SUCCEEDED
        record.seconds = round(self._now() - record.at, 2)
        return record

    def refuse(self, deployment: str) -> DeploymentRecord:
        """Touches no host; the record of a deployment that failed before it began."""
        record = self._record(deployment, commit="")
        record.status = FAILED
        for host in record.hosts:
            host.status = SKIPPED
        return record

    def _record(self, deployment: str, commit: str) -> DeploymentRecord:
        hosts = [HostRecord(name=host.name) for host in self.hosts]
        return DeploymentRecord(
            id=deployment, commit=commit, at=self._now(), agent=self.agents.major, hosts=hosts
        )

    def _room(self, record: DeploymentRecord) -> int:
        """How many hosts may be taken out now."""
        return sum(host.status != FAILED for host in record.hosts) - self.minimum

    async def _host(
        self, host: Host, mine: HostRecord, record: DeploymentRecord, order: DeploymentRequest, tell: Tell
    ) -> None:
        agent = self.agents.on(host)
        mine.status = IN_PROGRESS
        try:
            deployment = await self.agents.bundle(host, order.id, order.revision)
            for name in ORDER:
                async with self._event(mine, name):
                    await _go_on(record, tell)
                    if name == "BlockTraffic":
                        await self.balancer.deregister(host.name)
                    elif name == "AllowTraffic":
                        await self.balancer.register(host.name)
                    else:
                        await agent.run_event(name, deployment)
        except DeploymentStopped:
            mine.status, record.status = SKIPPED, STOPPED
        except SlipwayError as error:
            mine.status, mine.why = FAILED, str(error)
        else:
            mine.status = SUCCEEDED

    @asynccontextmanager
    async def _event(self, record: HostRecord, name: str) -> AsyncIterator[None]:
        at = self._now()
        if name in WORTH_A_WORD:
            self.doing(f"{record.name}: {name}")
        event = EventRecord(name=name, at=at, seconds=0.0, status=IN_PROGRESS)
        record.events.append(event)
        try:
            yield
            event.status = SUCCEEDED
        except DeploymentStopped:
            record.events.remove(event)
            raise
        except HookFailed as error:
            event.status, event.message, event.log = FAILED, error.message, error.log
            raise
        except BaseException as error:
            event.status, event.message = FAILED, str(error)
            raise
        finally:
            event.seconds = round(self._now() - at, 2)

    def _now(self) -> float:
        return round(time.monotonic() - self.began, 2)


async def _go_on(record: DeploymentRecord, tell: Tell) -> None:
    if record.status == STOPPED or not await tell(record):
        raise DeploymentStopped
