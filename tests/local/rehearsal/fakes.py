"""A load balancer and agents that only note what they were told, and a deployment group of them."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from local.rehearsal.codedeploy.deployment import DeploymentRunner
from local.rehearsal.codedeploy.revisions import Revision
from local.rehearsal.codedeploy_agent.agent import HookFailed
from local.rehearsal.machines.docker_engine import DockerEngine
from local.rehearsal.machines.host import Host
from slipway.console.errors import SlipwayError

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

    major = 1
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

    async def run_event(self, name: str, commit: str) -> str:
        self.agents.played.append(f"{self.host} {commit} {name}")
        if name == "ValidateService" and {self.host, commit} & set(self.agents.failing):
            raise HookFailed(name, "it is not healthy", "")
        return ""


def group(balancer: Balancer, agents: Agents, *, hosts: int = 2, minimum: int = 1) -> DeploymentRunner:
    engine = DockerEngine({}, private=True)
    return DeploymentRunner(
        hosts=[Host(f"host-{n}", engine, "my-app", "127.0.0.1", 1, NOWHERE, {}) for n in range(1, hosts + 1)],
        balancer=cast(Any, balancer),
        minimum=minimum,
        agents=cast(Any, agents),
        began=0.0,
        doing=lambda _words: None,
    )
