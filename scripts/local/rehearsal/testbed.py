"""The machines of a rehearsal: emulated AWS, Docker engines, registry, hosts, load balancer."""

import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.emulator.process import EmulatedAws
from local.rehearsal import stack_settings
from local.rehearsal.codebuild.builder import Builder
from local.rehearsal.machines import addresses, base_image, ecr_mirror, listener, load_balancer, registry
from local.rehearsal.machines.buildkit import docker_with_buildkit
from local.rehearsal.machines.docker_engine import DockerEngine, engines
from local.rehearsal.machines.host import Host, make_host
from local.rehearsal.machines.leftovers import machines_directory, on_shared_engine
from local.rehearsal.machines.load_balancer import HaproxyBalancer, HaproxyTargets
from local.rehearsal.machines.programs import require, undisturbed
from local.rehearsal.machines.registry import ImageRegistry
from local.rehearsal.machines.routes import request_to
from local.rehearsal.machines.way_out import closed_group
from local.rehearsal.stack_settings import StackSettings
from local.stacks import emulated
from slipway.aws.clients import Aws
from slipway.checkout.project import Project

HOSTS = ("host-1", "host-2", "host-3")
"""Two serve; the third is for Auto Scaling, which launches a new host before it terminates the old one."""
EMULATOR = "aws"
BUILD, COMMAND, HOST, OPERATOR = "build", "command", "host", "operator"
PROGRAMS = {**registry.PROGRAMS, **load_balancer.PROGRAMS}


@dataclass(frozen=True, kw_only=True)
class Testbed:
    """Everything that the steps need, running; the stacks are not applied yet."""

    project: Project
    aws: EmulatedAws
    clients: Aws
    address: str
    directory: Path
    logs: Path
    stack: StackSettings
    registry: ImageRegistry
    engine: DockerEngine
    hosts: tuple[Host, ...]
    balancer: HaproxyBalancer

    @property
    def build_environment(self) -> dict[str, str]:
        """The environment of builds: this machine's, with the emulated AWS and this checkout's programs."""
        return environment_of(self.aws.environment, BUILD)

    @property
    def command_environment(self) -> dict[str, str]:
        """The environment of release commands, which have their own role."""
        return environment_of(self.aws.environment, COMMAND)

    @property
    def operator_environment(self) -> dict[str, str]:
        """The environment of commands that an operator types."""
        return environment_of(self.aws.environment, OPERATOR)

    @property
    def targets(self) -> HaproxyTargets:
        """The hosts as targets of the load balancer."""
        return self.balancer.targets[self.stack.target_group.name]

    def follow_listener(self) -> tuple[str, str]:
        """Makes the load balancer route as the applied listener does now.

        Returns a host name and a path whose requests go to the service. Raises SlipwayError if there are
        none.
        """
        group = self.stack.target_group.name
        routes = listener.routes_beside(self.clients, group)
        self.balancer.follow(routes)
        return request_to(routes, group)

    def builder(self, stand_in: str) -> Builder:
        """The builder of commits. stand_in: the base image to use; empty for the Dockerfile's own."""
        return Builder(
            names=self.project.names,
            engine=self.engine,
            registry=self.registry,
            environment={
                **docker_with_buildkit(self.build_environment, self.directory / "build-programs"),
                **self.engine.environment,
                "SCAN_INTERVAL": "1",
            },
            directory=self.logs,
            base_image=stand_in,
            fail_on_critical=self.project.settings.registry.fail_on_critical,
        )

    def base_image(self, root: Path) -> str:
        """The name of a stand-in, which is made if the base image cannot be pulled; empty if it can."""
        if base_image.is_available(self.engine, base_image.named_in(root / "app" / "Dockerfile")):
            return ""
        name = f"{self.registry.host}/stand-in:1"
        base_image.stand_in(self.engine, name)
        return name


@contextmanager
def running_testbed(project: Project, output: Path, environment: str, working: Path) -> Iterator[Testbed]:
    """A testbed with its own emulated AWS, while the block runs. See testbed_at."""
    require(PROGRAMS)
    with (
        emulated(project, working / EMULATOR) as aws,
        testbed_at(aws, project, output, environment, working) as testbed,
    ):
        yield testbed


@contextmanager
def testbed_at(
    aws: EmulatedAws, project: Project, output: Path, environment: str, working: Path
) -> Iterator[Testbed]:
    """The testbed while the block runs; only ``working`` is kept after it.

    output: the directory of the synthesised stacks. environment: the name of the one to rehearse.
    """
    require(PROGRAMS)
    names = next(
        environment_names
        for environment_names in project.names.environments
        if environment_names.environment == environment
    )
    plan = stack_settings.read(output / "stacks" / names.stack)
    address = addresses.own_address()
    with ExitStack() as up:
        directory = up.enter_context(machines_directory())
        clients = Aws(project.settings.region, aws.environment)
        closed = 0 if plan.way_out else len(HOSTS)
        build_engine, *host_engines = up.enter_context(engines(directory, 1 + len(HOSTS), closed=closed))
        # On an engine that others use too, containers and hosts keep their way out.
        group_id = up.enter_context(closed_group()) if closed and build_engine.private else None
        store = up.enter_context(
            registry.registry(
                directory / "registry",
                address,
                registry.password(clients.ecr),
                lambda here, push: ecr_mirror.mirror(clients.ecr, here, push),
            )
        )
        ports = dict(zip(HOSTS, addresses.free_ports(address, len(HOSTS)), strict=True))
        group = tuple(
            make_host(
                name,
                engine,
                directory=directory / name,
                address=address,
                port=ports[name],
                container=container_name(project.names.service, name, engine),
                host_env=plan.host_env,
                environment=environment_of(aws.environment, HOST),
                group=group_id,
            )
            for name, engine in zip(HOSTS, host_engines, strict=True)
        )
        up.enter_context(_cleared(group, build_engine, store, directory))
        balancer = up.enter_context(
            load_balancer.load_balancer(directory / "balancer", address, {plan.target_group: ports})
        )
        (logs := working / "logs").mkdir(parents=True)
        yield Testbed(
            project=project,
            aws=aws,
            clients=clients,
            address=address,
            directory=directory,
            logs=logs,
            stack=plan,
            registry=store,
            engine=build_engine,
            hosts=group,
            balancer=balancer,
        )


def environment_of(environment: Mapping[str, str], who: str) -> dict[str, str]:
    """An environment in which `aws` is the one installed with this project. who: its access key's id.

    Python may write bytecode, as on a host: without it each call would compile the CLI again, for a second.
    The emulated AWS accepts any key; its record of calls uses it to tell callers apart
    (local.emulator.calls).
    """
    own = str(Path(sys.executable).parent)
    path = f"{own}{os.pathsep}{environment.get('PATH', os.defpath)}"
    kept = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PATH": path, "AWS_ACCESS_KEY_ID": who}


@contextmanager
def _cleared(
    group: tuple[Host, ...], engine: DockerEngine, store: ImageRegistry, directory: Path
) -> Iterator[None]:
    """Removes the rehearsal's containers and images from a shared engine when the block ends."""
    if not engine.private:
        on_shared_engine(directory, group, f"{store.host}/*")
    try:
        yield
    finally:
        if not engine.private:
            with undisturbed():
                for host in group:
                    host.clear()
                engine.remove_images(f"{store.host}/*")


def container_name(service: str, name: str, engine: DockerEngine) -> str:
    """The service's name; on a shared engine, with a random part, so that it is unique."""
    return service if engine.private else f"{service}-rehearsal-{secrets.token_hex(3)}-{name}"
