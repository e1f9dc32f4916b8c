"""What faults are tried on: one host with its agent, a registry with two releases, the emulated AWS.

No load balancer and no stacks: what a fault leaves behind is decided on the host.
"""

import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from local.emulator.process import Emulator, running
from local.rehearsal import commits
from local.rehearsal.codedeploy_agent import agent
from local.rehearsal.codedeploy_agent.host_agents import HostAgents
from local.rehearsal.machines import addresses, base_image, host, registry
from local.rehearsal.machines.docker_engine import DATA, DockerEngine, engines, private_engine
from local.rehearsal.machines.host import Host
from local.rehearsal.machines.programs import require
from local.rehearsal.machines.registry import ImageRegistry
from local.rehearsal.stack_settings import StackSettings
from local.rehearsal.testbed import HOST, container_name, environment_of, temporary
from modules.config.names import Names
from slipway.aws.clients import Aws
from slipway.checkout.project import Project

REVISION = ("appspec.yml", "scripts/start_server.sh", "scripts/health_check.sh", "scripts/lib.sh")
OLD, NEW = "1" * 40, "2" * 40
SERVICE = "my-app"
ROOM = "600m"  # of a small disk: enough for one release and the images before it
STOP_SECONDS = 8  # a service that does not end when told to is killed after so long


@dataclass(frozen=True)
class FaultStage:
    """A host, and what can be deployed to it. digests: of the two releases, by commit.

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

    @property
    def repository(self) -> str:
        """Where the releases' images are."""
        return f"{self.store.host}/{SERVICE}"

    async def deploy(self, commit: str, *, host: Host | None = None, **image: str | None) -> agent.Ended:
        """Deploys a release as CodeDeploy's agent does. image: what image.json is to say instead."""
        bundle = self.bundle(commit, **image)
        agents = HostAgents(self.clients.region, SERVICE, "faults", self.directory)
        deployment = agent.DeploymentSpecification(
            id=f"d-{bundle.stem.upper()}", application=SERVICE, group="faults", revision=bundle
        )
        return await agents.on(host or self.host).deploy(deployment)

    def bundle(self, commit: str, **image: str | None) -> Path:
        """A new revision of a release. image: what image.json is to say instead."""
        said = {
            "repository": self.repository,
            "commit": commit,
            "digest": self.digests[commit],
            "built_at": "2026-01-01T00:00:00Z",
            **image,
        }
        bundle = self.directory / f"fault{len(list(self.directory.glob('*.zip'))):04}.zip"
        with zipfile.ZipFile(bundle, "w") as archive:
            for part in REVISION:
                archive.write(self.root / part, part)
            kept = {name: value for name, value in said.items() if value is not None}
            archive.writestr("image.json", json.dumps(kept))
        return bundle

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
def fault_stage(project: Project, plan: StackSettings) -> Iterator[FaultStage]:
    """The stage while the block runs; nothing of it stays."""
    require(registry.PROGRAMS)
    names = project.names
    address = addresses.own_address()
    with ExitStack() as up:
        directory = up.enter_context(temporary())
        aws = up.enter_context(running(account=names.account, region=names.region))
        clients = Aws(names.region, aws.environment)
        (engine,) = up.enter_context(engines(directory, 1))
        password = registry.password(clients.ecr)
        store = up.enter_context(
            registry.registry(directory / "registry", address, password, lambda _store, _push: None)
        )
        make = partial(_host, directory=directory, address=address, names=names, plan=plan, aws=aws)
        host, small = make("host-1", engine), None
        if engine.private:
            tiny = up.enter_context(private_engine(directory / "small", room=ROOM))
            small = make("host-2", tiny), directory / "small" / DATA
        up.callback(host.clear)
        up.callback(engine.remove_images, f"{store.host}/*")
        yield FaultStage(
            root=project.root,
            directory=directory,
            aws=aws,
            clients=clients,
            store=store,
            host=host,
            small=small,
            parameter_path=names.environments[0].parameter_path,
            digests=_releases(project.root, directory, engine, store),
        )


def _host(
    name: str,
    engine: DockerEngine,
    *,
    directory: Path,
    address: str,
    names: Names,
    plan: StackSettings,
    aws: Emulator,
) -> Host:
    (port,) = addresses.free_ports(address, 1)
    return host.make(
        name,
        engine,
        directory=directory / name,
        address=address,
        port=port,
        container=container_name(names.service, "faults", engine),
        host_env=plan.host_env + f"STOP_SECONDS={STOP_SECONDS}\n",
        environment=environment_of(aws.environment, HOST),
    )


def _releases(root: Path, directory: Path, engine: DockerEngine, store: ImageRegistry) -> dict[str, str]:
    """Builds and pushes two releases; their digests."""
    base = f"{store.host}/stand-in:1"
    named = base_image.named_in(root / "app" / "Dockerfile")
    if base_image.is_available(engine, named):
        base = named
    else:
        base_image.stand_in(engine, base)
    digests = {}
    with tempfile.TemporaryDirectory() as configuration:
        own = replace(engine, environment={**engine.environment, "DOCKER_CONFIG": configuration})
        own.docker(
            *("login", "--username", registry.USER, "--password-stdin", store.host),
            stdin=store.password.encode(),
        )
        for commit in (OLD, NEW):
            source = commits.make(root, directory / "source", commit, commits.release(int(commit[0]))).source
            image = f"{store.host}/{SERVICE}:{commit}"
            arguments = ("--build-arg", f"BASE_IMAGE={base}", "--build-arg", f"COMMIT={commit}")
            own.docker("build", "--quiet", *arguments, "--tag", image, str(source / "app"))
            own.docker("push", image)
            own.docker("rmi", image)
            digests[commit] = store.digest(SERVICE, commit) or ""
    return digests
