"""What can happen to a host while it is deployed to: its port, its Docker, its power."""

import asyncio
import socket
from functools import partial
from threading import Timer

from local.rehearsal.codedeploy_agent.agent import FAILED, SUCCEEDED
from slipway.console.errors import SlipwayError
from tests.rehearsals import docker_faults, docker_wrapper
from tests.rehearsals.faults.fault import (
    NOBODY,
    Fault,
    Outcome,
    Trying,
    answering,
    deploy_old,
    outcome,
    words,
)
from tests.rehearsals.faults.fault_testbed import NEW, OLD, FaultTestbed

STRANGER_STAYS = 5.0  # seconds
STAYS = "is healthy and stays"
KILLED_AFTER = (
    *("pulled", "tagged", "next made", "old renamed"),
    *("next renamed", "old stopped", "new started", "restarts settled"),
)


async def _port_taken(testbed: FaultTestbed) -> Outcome:
    with socket.create_server((testbed.host.address, testbed.host.port)):
        return outcome(testbed, await testbed.deploy(NEW))


async def _port_taken_meanwhile(testbed: FaultTestbed) -> Outcome:
    """A stranger is quicker, once the old release has left the port; later the stranger goes."""

    def take() -> None:
        stranger = socket.create_server((testbed.host.address, testbed.host.port))
        Timer(STRANGER_STAYS, stranger.close).start()

    async with docker_wrapper.meanwhile(testbed.host, testbed.new_directory(), "new started", take) as there:
        return outcome(testbed, await testbed.deploy(NEW, host=there))


async def _two_at_once(testbed: FaultTestbed) -> Outcome:
    """The second waits for the first; which of the two is the first is nobody's to say."""
    ended = await asyncio.gather(testbed.deploy(NEW), testbed.deploy(NEW))
    waited = next((each for each in ended if "is busy" in words(each)), None)
    if waited is None:
        raise SlipwayError("neither of two deployments at once said that it waited")
    return outcome(testbed, waited)


def _killed(step: str) -> Trying:
    """The script is killed; CodeDeploy rolls back; then the same release is deployed again."""

    async def trying(testbed: FaultTestbed) -> Outcome:
        testbed.forget(NEW)
        there = docker_wrapper.killed_after(testbed.host, testbed.new_directory(), step)
        killed = await testbed.deploy(NEW, host=there)
        if killed.status != FAILED:
            raise SlipwayError(f"start_server.sh was not killed once “{step}” was done")
        await deploy_old(testbed)
        if await answering(testbed.host, OLD) != OLD:
            raise SlipwayError("after the rollback it is not the old release that serves")
        return outcome(testbed, await testbed.deploy(NEW))

    return trying


def _docker_restarts(step: str) -> Trying:
    async def trying(testbed: FaultTestbed) -> Outcome:
        testbed.forget(NEW)
        restarting = partial(docker_faults.restart, testbed.host.engine)
        async with docker_wrapper.meanwhile(testbed.host, testbed.new_directory(), step, restarting) as there:
            return outcome(testbed, await testbed.deploy(NEW, host=there))

    return trying


async def _reboots(testbed: FaultTestbed) -> Outcome:
    """Nothing is being deployed; the container comes back by itself."""
    ended = await testbed.deploy(OLD)
    await asyncio.to_thread(docker_faults.reboot, testbed.host.engine)
    return outcome(testbed, ended)


def _power_cut(step: str) -> Trying:
    """The host is lost with a swap under way, script and all; nobody deploys anything afterwards."""

    async def trying(testbed: FaultTestbed) -> Outcome:
        there = docker_wrapper.killed_after(testbed.host, testbed.new_directory(), step)
        ended = await testbed.deploy(NEW, host=there)
        await asyncio.to_thread(docker_faults.reboot, testbed.host.engine)
        return outcome(testbed, ended)

    return trying


FAULTS = (
    Fault(name="port taken by a stranger", trying=_port_taken, answers=NOBODY, says="is in use", old=False),
    Fault(
        name="port taken by a stranger between old and new",
        trying=_port_taken_meanwhile,
        says="is in use, so the new container cannot start",
    ),
    Fault(
        name="two deployments at once",
        trying=_two_at_once,
        status=SUCCEEDED,
        answers=NEW,
        says="this host is busy",
    ),
    *(
        Fault(name=f"killed once {step}", trying=_killed(step), status=SUCCEEDED, answers=NEW, says=STAYS)
        for step in KILLED_AFTER
    ),
    Fault(
        name="Docker restarts before the pull",
        trying=_docker_restarts("pulled"),
        status=SUCCEEDED,
        answers=NEW,
        says=STAYS,
        private=True,
    ),
    Fault(
        name="Docker restarts before the old one is stopped",
        trying=_docker_restarts("old stopped"),
        status=SUCCEEDED,
        answers=NEW,
        says=STAYS,
        private=True,
    ),
    Fault(name="host reboots", trying=_reboots, status=SUCCEEDED, answers=OLD, says=STAYS, private=True),
    Fault(
        name="power cut between old and new",
        trying=_power_cut("old stopped"),
        answers=OLD,
        says="failed",
        private=True,
    ),
)
