"""What faults are tried on: one host with its agent, a registry with two releases, the emulated AWS.

No load balancer and no stacks: what a fault leaves behind is decided on the host.
"""

import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from slipway.aws.clients import Aws
from slipway.emulator.process import running
from slipway.project import Project
from slipway.rehearsal import addresses, base_image, commits, hooks, hosts, registry
from slipway.rehearsal.agent import Agents
from slipway.rehearsal.blueprint import Blueprint
from slipway.rehearsal.engine import Engine, engines
from slipway.rehearsal.hosts import Host
from slipway.rehearsal.programs import require
from slipway.rehearsal.registry import Registry
from slipway.rehearsal.stage import container_name, machine, temporary

REVISION = ("appspec.yml", "scripts/start_server.sh", "scripts/health_check.sh", "scripts/lib.sh")
OLD, NEW = "1" * 40, "2" * 40
STOP_SECONDS = 8  # a service that does not end when told to is killed after so long


@dataclass(frozen=True)
class FaultStage:
    """A host, and what can be deployed to it. digests: of the two releases, by commit."""

    root: Path
    directory: Path
    clients: Aws
    store: Registry
    host: Host
    parameter_path: str
    digests: Mapping[str, str]

    @property
    def repository(self) -> str:
        """Where the releases' images are."""
        return f"{self.store.host}/my-app"

    async def deploy(self, commit: str, *, host: Host | None = None, **image: str | None) -> hooks.Ended:
        """Deploys a release as CodeDeploy's agent does. image: what image.json is to say instead."""
        said = {
            "repository": self.repository,
            "commit": commit,
            "digest": self.digests[commit],
            "built_at": "2026-01-01T00:00:00Z",
            **image,
        }
        number = len(list(self.directory.glob("*.zip")))
        bundle = self.directory / f"{number}.zip"
        with zipfile.ZipFile(bundle, "w") as archive:
            for part in REVISION:
                archive.write(self.root / part, part)
            kept = {name: value for name, value in said.items() if value is not None}
            archive.writestr("image.json", json.dumps(kept))
        agents = Agents(self.clients, "my-app", "faults", self.directory)
        deployment = hooks.Deployment(
            id=f"d-FAULT{number:04}", application="my-app", group="faults", revision=bundle
        )
        return await agents.on(host or self.host).deploy(deployment)

    def configure(self, **parameters: str) -> None:
        """What the next container is started with; nothing else."""
        path = self.parameter_path
        found = self.clients.ssm.get_parameters_by_path(Path=path)["Parameters"]
        for parameter in found:
            self.clients.ssm.delete_parameter(Name=parameter["Name"])
        for name, value in parameters.items():
            self.clients.ssm.put_parameter(Name=f"{path}/{name}", Value=value, Type="String")

    def without_aws(self) -> Host:
        """The host, but nothing of AWS answers it."""
        return replace(self.host, machine={**self.host.machine, "AWS_ENDPOINT_URL": "http://127.0.0.1:1"})


@contextmanager
def fault_stage(project: Project, plan: Blueprint) -> Iterator[FaultStage]:
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
        (port,) = addresses.free_ports(address, 1)
        host = hosts.make(
            "host-1",
            engine,
            directory=directory / "host-1",
            address=address,
            port=port,
            container=container_name(names.service, "faults", engine),
            host_env=plan.host_env + f"STOP_SECONDS={STOP_SECONDS}\n",
            machine=machine(aws.environment),
        )
        up.callback(host.clear)
        up.callback(engine.remove_images, f"{store.host}/*")
        digests = _releases(project.root, directory, engine, store)
        yield FaultStage(
            project.root, directory, clients, store, host, names.environments[0].parameter_path, digests
        )


def _releases(root: Path, directory: Path, engine: Engine, store: Registry) -> dict[str, str]:
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
            image = f"{store.host}/my-app:{commit}"
            arguments = ("--build-arg", f"BASE_IMAGE={base}", "--build-arg", f"COMMIT={commit}")
            own.docker("build", "--quiet", *arguments, "--tag", image, str(source / "app"))
            own.docker("push", image)
            own.docker("rmi", image)
            digests[commit] = store.digest("my-app", commit) or ""
    return digests
