"""Measures the downtime of one host: ours, and that of stop, pull, run, with the same two images.

The new image shares no layer with the old one: it has to be pulled whole, as after an update of the base
image. Ours is measured on one host, the plain order on another.
"""

import asyncio
import math
import os
from dataclasses import dataclass

from local.rehearsal.downtime import Watch, watched
from local.rehearsal.machines.host import Host
from local.rehearsal.machines.programs import run
from local.rehearsal.machines.registry import USER
from tests.rehearsals.agent_deployment import require_success
from tests.rehearsals.faults.fault_testbed import NEW, OLD, FaultTestbed

ANSWERS_WITHIN = 60.0  # seconds
HALF = 0.5
LOOK = 0.01
MEASUREMENTS = 3  # at most: whatever else runs on this machine lengthens now one, now the other


@dataclass(frozen=True)
class Downtimes:
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


async def measure(testbed: FaultTestbed, plain: Host, port: int) -> Downtimes:
    """Deploys the old release, then the new one, on both hosts, each in its own way; the best of a few times.

    plain: the host for the plain order. port: that a container listens on.
    """
    measured: list[Downtimes] = []
    while len(measured) < MEASUREMENTS and not any(each.good for each in measured):
        if measured:
            for host in (testbed.host, plain):
                await asyncio.to_thread(_forget, host, f"{testbed.repository}*")
        measured.append(
            Downtimes(ours=await _with_our_scripts(testbed), plain=await _stop_pull_run(testbed, plain, port))
        )
    return min(measured, key=lambda each: each.share)


def _forget(host: Host, images: str) -> None:
    """Deletes images from a host, so that they are pulled again; a shared engine keeps them."""
    if host.engine.private:
        host.engine.remove_images(images)


async def _with_our_scripts(testbed: FaultTestbed) -> float | None:
    require_success(await testbed.deploy(OLD))
    async with watched(testbed.host) as watch:
        require_success(await testbed.deploy(NEW))
    testbed.host.clear()
    return watch.downtime(OLD, NEW)


async def _stop_pull_run(testbed: FaultTestbed, host: Host, port: int) -> float | None:
    """The plain order, as many a deploy script has it."""
    environment = {**os.environ, **host.engine.environment, "DOCKER_CONFIG": str(host.directory / "plain")}

    def docker(*arguments: str) -> None:
        run("docker", *arguments, environment=environment)

    def start(commit: str) -> None:
        published = f"{host.address}:{host.port}:{port}"
        image = f"{testbed.repository}:{commit}"
        docker("pull", image)
        docker("run", "--detach", "--name", host.container, "--publish", published, image)

    def replace() -> None:
        docker("stop", host.container)
        docker("rm", host.container)
        start(NEW)

    login = ("login", "--username", USER, "--password-stdin", testbed.store.host)
    run("docker", *login, environment=environment, stdin=testbed.store.password.encode())
    await asyncio.to_thread(start, OLD)
    async with watched(host) as watch, asyncio.timeout(ANSWERS_WITHIN):
        await _heard(watch, OLD)
        await asyncio.to_thread(replace)
        await _heard(watch, NEW)
    host.clear()
    return watch.downtime(OLD, NEW)


async def _heard(watch: Watch, commit: str) -> None:
    """Returns once a commit has answered."""
    while not any(answer.commit == commit for answer in watch.answers):
        await asyncio.sleep(LOOK)
