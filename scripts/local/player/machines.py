"""The machines for builds and hosts of an account rehearsal: the testbed of `slipway rehearse`."""

import asyncio
import io
import time
import uuid
import zipfile
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from local.emulator.process import EmulatedAws
from local.rehearsal.codebuild.builder import Builder
from local.rehearsal.codedeploy.deployment import DeploymentRunner
from local.rehearsal.codedeploy.service import CodeDeploy
from local.rehearsal.codedeploy.targets import Instances
from local.rehearsal.codedeploy_agent.host_agents import HostAgents
from local.rehearsal.commits import Commit
from local.rehearsal.results.record import DeploymentRecord
from local.rehearsal.stack_settings import minimum_healthy
from local.rehearsal.testbed import Testbed, testbed_at
from slipway.account_rehearsal.settings import DIRECTORY, OUTPUT, kept
from slipway.console import message
from slipway.console.errors import SlipwayError


@dataclass
class Machines:
    """The testbed of one rehearsal, and which instance each of its hosts represents."""

    testbed: Testbed
    builder: Builder
    began: float = field(default_factory=time.monotonic)
    _instances: dict[str, str] = field(default_factory=dict)
    """The instances by the names of their hosts."""

    def build(self, archive: bytes) -> str:
        """Builds a source as its buildspec.yml says; the build's id. Raises SlipwayError if it fails."""
        unique = str(uuid.uuid4())
        build = f"{self.testbed.project.names.build_project}:{unique}"
        source = self.testbed.directory / "source" / unique[:8]
        unpack(archive, source)
        asyncio.run(self.builder.build(Commit(commit_of(build), build, source), self.began, unique))
        return build

    def stand_for(self, instances: Collection[str]) -> None:
        """Assigns a host to each instance; a host whose instance is gone is reset for another one.

        Raises SlipwayError if there are more instances than hosts.
        """
        for host in self.testbed.hosts:
            if (instance := self._instances.get(host.name)) and instance not in instances:
                del self._instances[host.name]
                host.replace()
        free = [host.name for host in self.testbed.hosts if host.name not in self._instances]
        new = sorted(set(instances) - set(self._instances.values()))
        if len(new) > len(free):
            raise SlipwayError(
                f"{len(instances)} instances are running, but there are only {len(self.testbed.hosts)} hosts"
            )
        for name, instance in zip(free, new, strict=False):
            self._instances[name] = instance
            self.testbed.targets.attach(name)

    def deploy(self, deployment: str, group: str, only: Collection[str] = ()) -> DeploymentRecord:
        """Carries out a deployment. only: the instances to deploy to. Default: all."""
        testbed = self.testbed
        names = {name for name, instance in self._instances.items() if instance in only}
        runner = DeploymentRunner(
            hosts=testbed.hosts,
            balancer=testbed.targets,
            minimum=minimum_healthy(testbed.stack.minimum_healthy, len(self._instances)),
            agents=HostAgents(testbed.clients.region, testbed.stack.application, group, testbed.logs),
            began=self.began,
            doing=lambda words: message(f"   {words}"),
        )
        service = CodeDeploy(testbed.clients, testbed.aws.endpoint, testbed.stack.application, group, runner)
        instances = Instances.of(testbed.clients, self._instances, self.began)
        return asyncio.run(service.carry_out(deployment, instances, only=names))


@dataclass
class MachineRoom:
    """Starts the machines of a rehearsal when they are needed; closing ``up`` removes them.

    root: of the checkout that is rehearsed. working: the directory for logs of builds and hosts.
    """

    aws: EmulatedAws
    root: Path
    working: Path
    up: ExitStack
    _machines: dict[str, Machines] = field(default_factory=dict)

    def of(self, service: str) -> Machines:
        """The machines of a service's rehearsal. Raises SlipwayError if this checkout rehearses another."""
        if service not in self._machines:
            directory = self.root / ".slipway" / DIRECTORY
            rehearsed = kept(self.root, directory)
            if rehearsed.names.service != service:
                raise SlipwayError(
                    f"{directory} contains the rehearsal of {rehearsed.names.service}, not of {service}"
                )
            environment = rehearsed.environment(None).environment
            testbed = self.up.enter_context(
                testbed_at(self.aws, rehearsed, directory / OUTPUT, environment, self.working / service)
            )
            self._machines[service] = Machines(testbed, testbed.builder(testbed.base_image(self.root)))
        return self._machines[service]


def commit_of(build: str) -> str:
    """The name of an image whose source has no commit: see scripts/build/lib.sh. build: the build's id."""
    return build.replace(":", "-")


def unpack(archive: bytes, directory: Path) -> None:
    """Extracts a zip archive with its file modes."""
    with zipfile.ZipFile(io.BytesIO(archive)) as content:
        for entry in content.infolist():
            path = Path(content.extract(entry, directory))
            if mode := entry.external_attr >> 16 & 0o777:
                path.chmod(mode)
