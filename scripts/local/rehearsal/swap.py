"""Measures the gap on one host: ours, and that of the plain order stop, pull, run, of the same two images.

The new image shares no layer with the old one: it has to be pulled whole, as after an update of the base
image. Ours is measured on one host, the plain order on another, before any of them is in service.
"""

import asyncio
import math
import os
from dataclasses import dataclass

from local.rehearsal.codedeploy.revisions import Revision
from local.rehearsal.codedeploy_agent.host_agents import HostAgents, require
from local.rehearsal.gap import watched
from local.rehearsal.machines.host import Host
from local.rehearsal.machines.programs import run
from local.rehearsal.machines.registry import USER, ImageRegistry

ANSWERS_WITHIN = 60.0  # seconds
HALF = 0.5
MEASUREMENTS = 3  # at most: whatever else runs on this machine lengthens now one gap, now the other


@dataclass(frozen=True)
class Gaps:
    """Seconds without an answer; None if one of the two commits never answered."""

    ours: float | None
    plain: float | None

    @property
    def share(self) -> float:
        """Ours as a part of the plain order's; none at all counts as endless."""
        return math.inf if self.ours is None or not self.plain else self.ours / self.plain

    @property
    def good(self) -> bool:
        """Whether ours is at most half of the plain order's."""
        return self.share <= HALF


@dataclass(frozen=True)
class Images:
    """Where images are pulled from, and the port that a container listens on."""

    registry: ImageRegistry
    repository: str
    port: int


async def measure(
    ours: Host, plain: Host, old: Revision, new: Revision, *, agents: HostAgents, images: Images
) -> Gaps:
    """Swaps the old revision for the new one on both hosts, each in its own way; the best of a few times."""
    measured: list[Gaps] = []
    while len(measured) < MEASUREMENTS and not any(each.good for each in measured):
        if measured:
            await asyncio.to_thread(_forget, images, ours, plain)
        measured.append(
            Gaps(
                ours=await _with_our_scripts(ours, old, new, agents),
                plain=await _stop_pull_run(plain, old, new, images),
            )
        )
    return min(measured, key=lambda each: each.share)


def _forget(images: Images, *hosts: Host) -> None:
    """Takes the images off the hosts, to be pulled anew; a shared engine keeps them."""
    for host in hosts:
        if host.engine.private:
            host.engine.remove_images(f"{images.registry.host}/{images.repository}*")


async def _with_our_scripts(host: Host, old: Revision, new: Revision, agents: HostAgents) -> float | None:
    await _deploy(host, old, agents)
    async with watched(host) as watch:
        await _deploy(host, new, agents)
    host.clear()
    return watch.gap(old.commit, new.commit)


async def _deploy(host: Host, revision: Revision, agents: HostAgents) -> None:
    deployment = await agents.bundle(host, f"d-{revision.commit[:9].upper()}", revision)
    ended = await agents.on(host).deploy(deployment)
    if ended.failed:
        require(ended.failed)


async def _stop_pull_run(host: Host, old: Revision, new: Revision, images: Images) -> float | None:
    """The plain order, as many a deploy script has it."""
    environment = {**os.environ, **host.engine.environment, "DOCKER_CONFIG": str(host.directory / "plain")}

    def docker(*arguments: str) -> None:
        run("docker", *arguments, environment=environment)

    def start(revision: Revision) -> None:
        published = f"{host.address}:{host.port}:{images.port}"
        image = f"{images.registry.host}/{images.repository}:{revision.commit}"
        docker("pull", image)
        docker("run", "--detach", "--name", host.container, "--publish", published, image)

    def swap() -> None:
        docker("stop", host.container)
        docker("rm", host.container)
        start(new)

    login = ("login", "--username", USER, "--password-stdin", images.registry.host)
    run("docker", *login, environment=environment, stdin=images.registry.password.encode())
    await asyncio.to_thread(start, old)
    async with watched(host) as watch, asyncio.timeout(ANSWERS_WITHIN):
        await watch.heard(old.commit)
        await asyncio.to_thread(swap)
        await watch.heard(new.commit)
    host.clear()
    return watch.gap(old.commit, new.commit)
