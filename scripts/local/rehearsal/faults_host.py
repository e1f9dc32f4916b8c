"""What can happen to a host while it is deployed to: its port, its Docker, its power."""

import asyncio
import socket
from threading import Timer

from local.rehearsal import interception
from local.rehearsal.codedeploy_agent.agent import FAILED, SUCCEEDED
from local.rehearsal.fault import NOBODY, Fault, Outcome, Trying, answering, deploy_old, outcome, words
from local.rehearsal.fault_stage import NEW, OLD, FaultStage
from local.rehearsal.machines.docker_daemon import Daemon
from local.rehearsal.machines.host import Host
from slipway.console.errors import SlipwayError

STRANGER_STAYS = 5.0  # seconds
STAYS = "is healthy and stays"
KILLED_AFTER = (
    *("pulled", "tagged", "next made", "old renamed"),
    *("next renamed", "old stopped", "new started", "restarts settled"),
)


async def _port_taken(stage: FaultStage) -> Outcome:
    with socket.create_server((stage.host.address, stage.host.port)):
        return outcome(stage, await stage.deploy(NEW))


async def _port_taken_meanwhile(stage: FaultStage) -> Outcome:
    """A stranger is quicker, once the old release has left the port; later the stranger goes."""

    def take() -> None:
        stranger = socket.create_server((stage.host.address, stage.host.port))
        Timer(STRANGER_STAYS, stranger.close).start()

    async with interception.meanwhile(stage.host, stage.new_directory(), "new started", take) as there:
        return outcome(stage, await stage.deploy(NEW, host=there))


async def _two_at_once(stage: FaultStage) -> Outcome:
    """The second waits for the first; which of the two is the first is nobody's to say."""
    ended = await asyncio.gather(stage.deploy(NEW), stage.deploy(NEW))
    waited = next((each for each in ended if "is busy" in words(each)), None)
    if waited is None:
        raise SlipwayError("neither of two deployments at once said that it waited")
    return outcome(stage, waited)


def _killed(step: str) -> Trying:
    """The script is killed; CodeDeploy rolls back; then the same release is deployed again."""

    async def trying(stage: FaultStage) -> Outcome:
        stage.forget(NEW)
        there = interception.killed_after(stage.host, stage.new_directory(), step)
        killed = await stage.deploy(NEW, host=there)
        if killed.status != FAILED:
            raise SlipwayError(f"start_server.sh was not killed once “{step}” was done")
        await deploy_old(stage)
        if await answering(stage.host, OLD) != OLD:
            raise SlipwayError("after the rollback it is not the old release that serves")
        return outcome(stage, await stage.deploy(NEW))

    return trying


def _daemon(host: Host) -> Daemon:
    if host.engine.daemon is None:
        raise SlipwayError("this takes a private engine")
    return host.engine.daemon


def _docker_restarts(step: str) -> Trying:
    async def trying(stage: FaultStage) -> Outcome:
        stage.forget(NEW)
        restart = _daemon(stage.host).restart
        async with interception.meanwhile(stage.host, stage.new_directory(), step, restart) as there:
            return outcome(stage, await stage.deploy(NEW, host=there))

    return trying


async def _reboots(stage: FaultStage) -> Outcome:
    """Nothing is being deployed; the container comes back by itself."""
    ended = await stage.deploy(OLD)
    await asyncio.to_thread(_daemon(stage.host).reboot, stage.host.engine.environment)
    return outcome(stage, ended)


def _power_cut(step: str) -> Trying:
    """The host is lost with a swap under way, script and all; nobody deploys anything afterwards."""

    async def trying(stage: FaultStage) -> Outcome:
        there = interception.killed_after(stage.host, stage.new_directory(), step)
        ended = await stage.deploy(NEW, host=there)
        await asyncio.to_thread(_daemon(stage.host).reboot, stage.host.engine.environment)
        return outcome(stage, ended)

    return trying


FAULTS = (
    Fault(name="port taken by a stranger", trying=_port_taken, answers=NOBODY, says="is taken", old=False),
    Fault(
        name="port taken by a stranger between old and new",
        trying=_port_taken_meanwhile,
        says="is taken, so the new container cannot start",
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
