"""Carries out a deployment on hosts behind a load balancer, in place, as CodeDeploy does.

- Lifecycle events run in order; the host's agent (codedeploy_agent/) runs all but the load balancer's.
- As many hosts are deployed to at once as leave the minimum in service; a failed host is not in service. If
  no more hosts can be taken out of service, the deployment has failed, and the remaining hosts are skipped.
  Otherwise it has succeeded: with one at a time, even if the last host failed, unless it was the only one.
  docs.aws.amazon.com/codedeploy/latest/userguide/instances-health.html
- A stopped deployment finishes the running events and begins no others.
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
"""Called with a deployment's progress; returns whether the deployment continues."""


class Balancer(Protocol):
    """A load balancer, in which hosts are registered by name."""

    async def register(self, host: str) -> None:
        """Registers a host and waits until it is healthy; raises SlipwayError if it is not in time."""

    async def deregister(self, host: str) -> None:
        """Deregisters a host and waits until it is drained."""


class DeploymentStopped(Exception):
    """A request or an alarm has stopped the deployment."""


@dataclass(frozen=True)
class DeploymentRequest:
    """A deployment that was created. undoes: the id of the deployment that this one rolls back."""

    id: str
    revision: Revision
    undoes: str = ""


@dataclass(frozen=True)
class DeploymentRunner:
    """The hosts of a group, their load balancer, and their agents.

    minimum: how many hosts stay in service. began: the rehearsal's start, on the monotonic clock. doing:
    called with a text for each event.
    """

    hosts: Sequence[Host]
    balancer: Balancer
    minimum: int
    agents: HostAgents
    began: float
    doing: Doing

    async def carry_out(self, order: DeploymentRequest, tell: Tell) -> DeploymentRecord:
        """Deploys to the hosts in batches; the record, with the deployment's status."""
        record = self._record(order.id, order.revision.commit)
        record.rollback_of = order.undoes
        waiting = list(zip(self.hosts, record.hosts, strict=True))
        while waiting and (room := self._room(record)) > 0 and record.status != STOPPED:
            batch, waiting = waiting[:room], waiting[room:]
            await asyncio.gather(*(self._host(host, mine, record, order, tell) for host, mine in batch))
        for _, mine in waiting:
            mine.status = SKIPPED
        if record.status != STOPPED and not await tell(record):
            record.status = STOPPED  # during the last event, which was completed
        if record.status != STOPPED:
            in_service = sum(host.status != FAILED for host in record.hosts)
            record.status = FAILED if waiting or in_service < max(1, self.minimum) else SUCCEEDED
        record.seconds = round(self._now() - record.at, 2)
        return record

    def refuse(self, deployment: str) -> DeploymentRecord:
        """The record of a deployment that failed before it began; all hosts are skipped."""
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
        """How many hosts can be taken out of service now."""
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
