"""What faults are tried on: one host with its agent, a registry with two releases, the emulated AWS.

No load balancer and no stacks: what a fault leaves behind is decided on the host.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from local.emulator.process import Emulator, running
from local.rehearsal import commits
from local.rehearsal.codedeploy_agent.agent import DeploymentSpecification
from local.rehearsal.codedeploy_agent.host_agents import HostAgents
from local.rehearsal.machines import addresses, base_image, registry
from local.rehearsal.machines.docker_engine import DATA, DockerEngine, engines
from local.rehearsal.machines.host import Host, make_host
from local.rehearsal.machines.leftovers import machines_directory
from local.rehearsal.machines.programs import require
from local.rehearsal.machines.registry import ImageRegistry
from local.rehearsal.stack_settings import StackSettings
from local.rehearsal.testbed import HOST, container_name, environment_of
from slipway.aws.clients import Aws
from slipway.checkout.project import Project
from tests.patches import patched
from tests.rehearsals import releases
from tests.rehearsals.agent_deployment import Ended, deploy
from tests.rehearsals.docker_faults import small_engine
from tests.rehearsals.releases import ImageSource

OLD, NEW = "1" * 40, "2" * 40
SERVICE = "my-app"
ROOM = "600m"  # of a small disk: enough for one release and the images before it
PACKAGES = 200_000_000  # bytes
STOP_SECONDS = 8  # a service that does not end when told to is killed after so long


@dataclass(frozen=True)
class FaultTestbed:
    """A host, and what can be deployed to it. digests: of the two releases, by commit. app: app.json of both.

    small: a host with little room, and where its engine keeps everything; only on private engines.
    """

    root: Path
    directory: Path
    aws: Emulator
    clients: Aws
    store: ImageRegistry
    host: Host
    small: tuple[Host, Path] | None
    parameter_path: str
    digests: Mapping[str, str]
    app: str

    @property
    def repository(self) -> str:
        """Where the releases' images are."""
        return f"{self.store.host}/{SERVICE}"

    async def deploy(
        self, commit: str, *, host: Host | None = None, major: Literal[1, 2] = 1, **image: str | None
    ) -> Ended:
        """Deploys a release as CodeDeploy's agent of a major version does. image: see ``bundle``."""
        bundle = self.bundle(commit, **image)
        agents = HostAgents(self.clients.region, SERVICE, "faults", self.directory, major)
        deployment = DeploymentSpecification(
            id=f"d-{bundle.stem.upper()}", application=SERVICE, group="faults", revision=bundle
        )
        return await deploy(agents.on(host or self.host), deployment)

    def bundle(self, commit: str, *, check_seconds: str | None = None, **image: str | None) -> Path:
        """A new revision of a release. image: what image.json is to say instead.

        check_seconds: the time that appspec.yml gives health_check.sh, in place of its own.
        """
        bundle = self.directory / f"fault{len(list(self.directory.glob('*.zip'))):04}.zip"
        appspec = (self.root / releases.APPSPEC).read_text("utf-8")
        if check_seconds:
            appspec = patched(appspec, "timeout: 600", f"timeout: {check_seconds}")
        said = {**releases.image_json(self.repository, commit, self.digests[commit]), **image}
        return releases.write_revision(self.root, bundle, said, self.app, appspec=appspec)

    def forget(self, *commits: str, host: Host | None = None) -> None:
        """Takes releases' images off a host, so that they have to be pulled; not what a container uses."""
        engine = (host or self.host).engine
        for commit in commits:
            for name in (f":{commit}", f"@{self.digests[commit]}"):
                engine.can("rmi", "--force", self.repository + name)

    def new_directory(self) -> Path:
        """The name of a directory that is not there yet."""
        return self.directory / f"aside-{len(list(self.directory.glob('aside-*')))}"

    def configure(self, **parameters: str) -> None:
        """What the next container is started with; nothing else."""
        path = self.parameter_path
        found = self.clients.ssm.get_parameters_by_path(Path=path)["Parameters"]
        for parameter in found:
            self.clients.ssm.delete_parameter(Name=parameter["Name"])
        for name, value in parameters.items():
            self.clients.ssm.put_parameter(Name=f"{path}/{name}", Value=value, Type="String")

    def reaching(self, **endpoints: str) -> Host:
        """The host, but some of AWS lies elsewhere for it. endpoints: variables that say where."""
        return replace(self.host, environment={**self.host.environment, **endpoints})


@contextmanager
def fault_testbed(project: Project, plan: StackSettings) -> Iterator[FaultTestbed]:
    """The testbed while the block runs; nothing of it stays."""
    with ExitStack() as up:
        services = _start_services(project, plan, up)
        (engine,) = up.enter_context(engines(services.directory, 1))
        own, small = services.host("host-1", engine, up), None
        if engine.private:
            tiny = up.enter_context(small_engine(services.directory / "small", ROOM))
            small = services.host("host-2", tiny, up), services.directory / "small" / DATA
        base = f"{services.store.host}/stand-in:1"
        named = base_image.named_in(project.root / "app" / "Dockerfile")
        if base_image.is_available(engine, named):
            base = named
        else:
            base_image.stand_in(engine, base)
        yield services.testbed(own, services.push_releases(engine, {OLD: base, NEW: base}), small)


@contextmanager
def comparison_testbed(project: Project, plan: StackSettings) -> Iterator[tuple[FaultTestbed, Host]]:
    """A testbed whose two releases share no layer, and a second host; neither host has built them."""
    with ExitStack() as up:
        services = _start_services(project, plan, up)
        build, *others = up.enter_context(engines(services.directory, 3))
        own, other = (services.host(f"host-{n}", engine, up) for n, engine in enumerate(others, 1))
        bases = {commit: f"{services.store.host}/stand-in:{commit[0]}" for commit in (OLD, NEW)}
        for base in bases.values():
            base_image.stand_in(build, base)
            _weigh_down(build, base, services.directory / "padded")
        yield services.testbed(own, services.push_releases(build, bases)), other


def _weigh_down(engine: DockerEngine, image: str, directory: Path) -> None:
    """Gives an image a layer that no other has, as heavy as a service's own packages.

    A busy machine takes longer to stop and to start a container, but the network is as slow as it was: with
    little to pull, the difference between the two orders would drown in the noise.
    """
    directory.mkdir(exist_ok=True)
    (directory / "packages").write_bytes(os.urandom(PACKAGES))
    (directory / "Dockerfile").write_text(f"FROM {image}\nCOPY packages /opt/packages\n", encoding="utf-8")
    engine.docker("build", "--quiet", "--tag", image, str(directory))


@dataclass(frozen=True)
class _Services:
    """What every testbed has: the emulated AWS and a registry."""

    project: Project
    plan: StackSettings
    directory: Path
    address: str
    aws: Emulator
    clients: Aws
    store: ImageRegistry

    def testbed(
        self, own: Host, digests: Mapping[str, str], small: tuple[Host, Path] | None = None
    ) -> FaultTestbed:
        return FaultTestbed(
            root=self.project.root,
            directory=self.directory,
            aws=self.aws,
            clients=self.clients,
            store=self.store,
            host=own,
            small=small,
            parameter_path=self.project.names.environments[0].parameter_path,
            digests=digests,
            app=self.project.settings.app.model_dump_json(),
        )

    def host(self, name: str, engine: DockerEngine, up: ExitStack) -> Host:
        """A host, which is cleared at the end."""
        (port,) = addresses.free_ports(self.address, 1)
        made = make_host(
            name,
            engine,
            directory=self.directory / name,
            address=self.address,
            port=port,
            container=container_name(self.project.names.service, "faults", engine),
            host_env=self.plan.host_env + f"STOP_SECONDS={STOP_SECONDS}\n",
            environment=environment_of(self.aws.environment, HOST),
        )
        up.callback(engine.remove_images, f"{self.store.host}/*")
        up.callback(made.clear)
        return made

    def push_releases(self, engine: DockerEngine, bases: Mapping[str, str]) -> dict[str, str]:
        """Builds and pushes a release on each commit's base image; their digests."""
        sources = {
            commit: commits.make(
                self.project.root, self.directory / "source", commit, commits.release(int(commit[0]))
            ).source
            for commit in bases
        }
        images = [ImageSource(commit, SERVICE, sources[commit], base) for commit, base in bases.items()]
        return releases.push(engine, self.store, images)


def _start_services(project: Project, plan: StackSettings, up: ExitStack) -> _Services:
    require(registry.PROGRAMS)
    address = addresses.own_address()
    directory = up.enter_context(machines_directory())
    aws = up.enter_context(running(account=project.names.account, region=project.names.region))
    clients = Aws(project.names.region, aws.environment)
    password = registry.password(clients.ecr)
    store = up.enter_context(
        registry.registry(directory / "registry", address, password, lambda _store, _push: None)
    )
    return _Services(project, plan, directory, address, aws, clients, store)
