"""The CodeDeploy agents of a rehearsal's hosts: root directory, environment, log."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from local.rehearsal.codedeploy import revisions
from local.rehearsal.codedeploy.revisions import Revision
from local.rehearsal.codedeploy_agent import agent
from local.rehearsal.codedeploy_agent.script import ScriptSettings
from local.rehearsal.machines.host import Host
from slipway.aws.clients import Aws


@dataclass(frozen=True)
class HostAgents:
    """The settings that the agents of one deployment group share.

    logs: the directory for the output of their scripts. major: their major version (``ScriptSettings``).
    """

    region: str
    application: str
    group: str
    logs: Path
    major: Literal[1, 2] = 1
    _clients: dict[str, Aws] = field(default_factory=dict)
    """By the hosts' names; each agent's client is created once."""

    def on(self, host: Host) -> agent.Agent:
        """The agent of a host. It keeps no state in memory: all of it is in its root directory."""
        log = self.logs / f"{host.name}.log"

        def on_line(line: str) -> None:
            with log.open("a", encoding="utf-8") as file:
                file.write(line + "\n")

        return agent.Agent(
            host.agent_root,
            ScriptSettings(host.environment, on_line=on_line, major=self.major, group=host.group),
        )

    async def bundle(self, host: Host, id: str, revision: Revision) -> agent.DeploymentSpecification:
        """What CodeDeploy sends to the agent for a deployment; its revision is downloaded from S3."""
        bundle = host.directory / f"{id}.zip"
        # with the host's own credentials
        own = self._clients.setdefault(host.name, Aws(self.region, host.environment))
        await asyncio.to_thread(revisions.download, own, revision, bundle)
        return agent.DeploymentSpecification(
            id=id,
            application=self.application,
            group=self.group,
            revision=bundle,
            bucket=revision.bucket,
            key=revision.key,
            version=revision.version,
            etag=revision.etag,
        )
