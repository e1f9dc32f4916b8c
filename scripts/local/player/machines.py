"""What builds and hosts of a rehearsal in an emulated account run on: the testbed of `slipway rehearse`."""

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
    """A testbed of one rehearsal, and which of the group's instances each of its hosts stands for."""

    testbed: Testbed
    builder: Builder
    began: float = field(default_factory=time.monotonic)
    _instances: dict[str, str] = field(default_factory=dict)
    """By the hosts' names."""

    def build(self, archive: bytes) -> str:
        """Builds a source as its buildspec.yml says; the build's id. Raises SlipwayError if it fails."""
        unique = str(uuid.uuid4())
        build = f"{self.testbed.project.names.build_project}:{unique}"
        source = self.testbed.directory / "source" / unique[:8]
        unpack(archive, source)
        asyncio.run(self.builder.build(Commit(commit_of(build), build, source), self.began, unique))
        return build

    def stand_for(self, instances: Collection[str]) -> None:
        """Has a host stand for each instance; one whose instance is gone starts anew, for another."""
        for host in self.testbed.hosts:
            if (instance := self._instances.get(host.name)) and instance not in instances:
                del self._instances[host.name]
                host.replace()
        free = [host.name for host in self.testbed.hosts if host.name not in self._instances]
        new = sorted(set(instances) - set(self._instances.values()))
        if len(new) > len(free):
            raise SlipwayError(
                f"there are {len(instances)} instances, and {len(self.testbed.hosts)} hosts to play them"
            )
        for name, instance in zip(free, new, strict=False):
            self._instances[name] = instance
            self.testbed.balancer.attach(name)

    def deploy(self, deployment: str, group: str, only: Collection[str] = ()) -> DeploymentRecord:
        """Carries out a deployment on the hosts, or on those that stand for some instances only."""
        testbed = self.testbed
        names = {name for name, instance in self._instances.items() if instance in only}
        runner = DeploymentRunner(
            hosts=testbed.hosts,
            balancer=testbed.balancer,
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
    """Starts machines for a rehearsal once it needs them; they are gone when ``up`` is closed.

    root: of the checkout that rehearses. working: where logs of builds and hosts go.
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
                    f"{directory} is the rehearsal of {rehearsed.names.service}, not of {service}"
                )
            environment = rehearsed.environment(None).environment
            testbed = self.up.enter_context(
                testbed_at(self.aws, rehearsed, directory / OUTPUT, environment, self.working / service)
            )
            self._machines[service] = Machines(testbed, testbed.builder(testbed.base_image(self.root)))
        return self._machines[service]


def commit_of(build: str) -> str:
    """What the build of a source that has no commit calls it: see scripts/build/lib.sh. build: its id."""
    return build.replace(":", "-")


def unpack(archive: bytes, directory: Path) -> None:
    """Lays out an archive with the modes that it keeps."""
    with zipfile.ZipFile(io.BytesIO(archive)) as content:
        for each in content.infolist():
            path = Path(content.extract(each, directory))
            if mode := each.external_attr >> 16 & 0o777:
                path.chmod(mode)
