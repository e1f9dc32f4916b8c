"""Two services behind one load balancer, each synthesised from its own settings, in one emulated AWS.

Each has one host. The stacks are applied and the images are built at the same time.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from local import stacks
from local.emulator.process import Emulator, running
from local.rehearsal import commits, stack_settings
from local.rehearsal.commits import Change
from local.rehearsal.machines import addresses, base_image, load_balancer, registry
from local.rehearsal.machines.docker_engine import DockerEngine, engines
from local.rehearsal.machines.host import make_host
from local.rehearsal.machines.leftovers import machines_directory
from local.rehearsal.machines.listener import routes_beside
from local.rehearsal.machines.load_balancer import HaproxyBalancer
from local.rehearsal.machines.registry import ImageRegistry
from local.rehearsal.stack_settings import StackSettings
from local.rehearsal.testbed import HOST, container_name, environment_of
from slipway.aws import load_balancers
from slipway.aws.clients import Aws
from slipway.checkout import project
from slipway.checkout.project import Project
from slipway.terraform.stacks.manifest import SynthesisedStack
from tests.integration.applied_pipeline import copy_checkout
from tests.integration.pipelines import ROOT
from tests.rehearsals import releases
from tests.rehearsals.two_services.played_service import LOOK, PlayedService, image
from tests.rehearsals.two_services.settings import HOST_NAMES, OWNER, SHARER, pipeline_toml
from tests.settings import ACCOUNT, CERTIFICATE_ARN, REGION

RELEASES: Mapping[str, Mapping[str, Change]] = {
    OWNER: {"one": image(), "two": image(), "crashes": image("crash_after:0")},
    SHARER: {"one": image(), "unready": image("unready"), "errors": image()},
}
"""The releases of each service, by name. ``errors`` returns errors because of its configuration."""
DRAINS = 1.0  # seconds; longer than any request takes
HEALTH_SECONDS = 10  # for a release that never becomes healthy


@dataclass(frozen=True, kw_only=True)
class TwoServices:
    """Both services, running after ``prepare``."""

    aws: Emulator
    clients: Aws
    balancer: HaproxyBalancer
    store: ImageRegistry
    engine: DockerEngine
    owner: PlayedService
    sharer: PlayedService

    @property
    def both(self) -> tuple[PlayedService, PlayedService]:
        """The owner of the load balancer, then the service that shares it."""
        return self.owner, self.sharer

    async def prepare(self, begin: Callable[[PlayedService], Awaitable[None]]) -> None:
        """Applies the stacks of both, builds and pushes all releases, and routes as the listener does.

        The load balancer is created as soon as possible, because the provider then waits for a minute.
        begin: called with each service as soon as it can be deployed to.
        """
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.owner.apply_foundation())
            await _until(self.owner.has_application)
            owner = tasks.create_task(self.owner.apply_environment())
            await _until(self._has_load_balancer)
            tasks.create_task(self.sharer.apply_foundation())
            building = tasks.create_task(asyncio.to_thread(self._build))
            await _until(lambda: self.sharer.has_application() and self._has_listener())
            sharer = tasks.create_task(self.sharer.apply_environment())
            for service, applying in ((self.owner, owner), (self.sharer, sharer)):
                await applying
                digests = await building
                await asyncio.to_thread(service.store_revisions, self.store.host, digests)
                await begin(service)
        await asyncio.to_thread(self.follow)

    def release_of(self, commit: str) -> str:
        """The service and the release that a commit is; the commit itself if it is of neither."""
        known = {
            mine.hash: f"{service.project.names.service} {name}"
            for service in self.both
            for name, mine in service.commits.items()
        }
        return known.get(commit, commit)

    def follow(self) -> None:
        """Makes the load balancer route as the listener does now."""
        self.balancer.follow(routes_beside(self.clients, self.owner.plan.target_group.name))

    def _has_load_balancer(self) -> bool:
        return bool(self.clients.elbv2.describe_load_balancers()["LoadBalancers"])

    def _has_listener(self) -> bool:
        """Whether the load balancer has what the other service's plan looks up: its HTTPS listener."""
        wanted = self.sharer.project.settings.environments[0].existing_load_balancer
        assert wanted is not None
        return load_balancers.listener(self.clients, wanted) is not None

    def _build(self) -> Mapping[str, str]:
        base = f"{self.store.host}/stand-in:1"
        named = base_image.named_in(ROOT / "app" / "Dockerfile")
        if base_image.is_available(self.engine, named):
            base = named
        else:
            base_image.stand_in(self.engine, base)
        sources = [source for service in self.both for source in service.images(base)]
        return releases.push(self.engine, self.store, sources)


@contextmanager
def two_services(directory: Path) -> Iterator[TwoServices]:
    """Both services while the block runs; nothing of them stays. directory: for their checkouts."""
    projects = {service: _checkout(directory / service, service) for service in (OWNER, SHARER)}
    synthesised = asyncio.run(_synthesised(projects))
    plans = {
        service: _quick(stack_settings.read(found[projects[service].names.environments[0].stack].directory))
        for service, found in synthesised.items()
    }
    address, began = addresses.own_address(), time.monotonic()
    with ExitStack() as up:
        short = up.enter_context(machines_directory())
        aws = up.enter_context(
            running(account=ACCOUNT, region=REGION, directory=short / "aws", existing=[CERTIFICATE_ARN])
        )
        clients = Aws(REGION, aws.environment)
        engine, *host_engines = up.enter_context(engines(short, 3))
        password = registry.password(clients.ecr)
        store = up.enter_context(
            registry.registry(short / "registry", address, password, lambda _store, _push: None)
        )
        ports = dict(zip(projects, addresses.free_ports(address, 2), strict=True))
        balancer = up.enter_context(
            load_balancer.load_balancer(
                short / "balancer",
                address,
                {plans[service].target_group: {f"{service}-1": ports[service]} for service in projects},
            )
        )
        up.callback(engine.remove_images, f"{store.host}/*")
        played = {}
        for (service, found), host_engine in zip(projects.items(), host_engines, strict=True):
            host = make_host(
                f"{service}-1",
                host_engine,
                directory=short / service,
                address=address,
                port=ports[service],
                container=container_name(service, f"{service}-1", host_engine),
                host_env=plans[service].host_env,
                environment=environment_of(aws.environment, HOST),
                health_seconds=HEALTH_SECONDS,
            )
            up.callback(host.clear)
            stacks.make_state_bucket(found, aws)
            targets = balancer.targets[plans[service].target_group.name]
            targets.drains = DRAINS
            played[service] = PlayedService(
                project=found,
                stacks=synthesised[service],
                terraform=stacks.point_at(aws, found.root / "cdktf.out"),
                plan=plans[service],
                aws=aws,
                clients=clients,
                host=host,
                targets=targets,
                host_name=HOST_NAMES[service],
                directory=short,
                began=began,
                commits={
                    name: commits.make(ROOT, short / "source" / service, name, change)
                    for name, change in RELEASES[service].items()
                },
            )
        yield TwoServices(
            aws=aws,
            clients=clients,
            balancer=balancer,
            store=store,
            engine=engine,
            owner=played[OWNER],
            sharer=played[SHARER],
        )


def _quick(plan: StackSettings) -> StackSettings:
    """Settings with five health checks where there would be one; a host is unhealthy after the same time."""
    group = plan.target_group
    often = replace(group, interval=1, unhealthy=group.unhealthy * group.interval)
    return replace(plan, target_group=often)


async def _until(condition: Callable[[], bool]) -> None:
    while not await asyncio.to_thread(condition):
        await asyncio.sleep(LOOK)


def _checkout(root: Path, service: str) -> Project:
    """A checkout with the service's own settings."""
    root.mkdir()
    copy_checkout(root)
    (root / "pipeline.toml").write_text(pipeline_toml(service), encoding="utf-8")
    return project.find(root)


async def _synthesised(projects: Mapping[str, Project]) -> Mapping[str, Mapping[str, SynthesisedStack]]:
    """The stacks of each service by name, synthesised by its main.py."""
    found = await asyncio.gather(
        *(stacks.synthesised(made, made.root / "cdktf.out") for made in projects.values())
    )
    return {
        service: {stack.name: stack for stack in every}
        for service, every in zip(projects, found, strict=True)
    }
