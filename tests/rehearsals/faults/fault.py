"""A fault: something that goes wrong in a release on a host, and the end that it has to come to."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from local.rehearsal.codedeploy_agent.agent import FAILED
from local.rehearsal.load_generator import HttpClient
from local.rehearsal.machines.host import Host
from tests.rehearsals.agent_deployment import Ended, require_success
from tests.rehearsals.faults.fault_testbed import OLD, FaultTestbed

NOBODY = ""
SERVES_WITHIN = 20.0  # seconds


@dataclass(frozen=True)
class Outcome:
    """How it ended: the deployment's status, what the operator is told, and the host that it was tried on."""

    status: str
    told: str
    host: Host


Trying = Callable[[FaultTestbed], Awaitable[Outcome]]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something that goes wrong.

    status: of the deployment. answers: the commit that answers on the host afterwards. says: words that
    the operator is told. old: whether a release serves before. private: whether it takes an engine that is
    nobody else's.
    """

    name: str
    trying: Trying
    status: str = FAILED
    answers: str = OLD
    says: str
    old: bool = True
    private: bool = False


async def play(testbed: FaultTestbed, fault: Fault) -> list[str]:
    """Tries one fault on a host that serves the old release, or nothing; returns what did not hold."""
    testbed.host.clear()
    testbed.configure()
    if fault.old:
        await deploy_old(testbed)
    outcome = await fault.trying(testbed)
    answers = await answering(outcome.host, fault.answers)
    wrong = []
    if outcome.status != fault.status:
        wrong.append(f"the deployment is {outcome.status}, and has to be {fault.status}:\n{outcome.told}")
    if answers != fault.answers:
        wrong.append(f"{answers or 'nobody'} answers, and {fault.answers or 'nobody'} has to")
    if fault.says not in outcome.told:
        wrong.append(f"the operator is not told “{fault.says}”, but:\n{outcome.told}")
    return wrong


def possible(testbed: FaultTestbed, fault: Fault) -> bool:
    """Whether this machine's engine lets it be tried."""
    return testbed.host.engine.private or not fault.private


async def deploy_old(testbed: FaultTestbed, host: Host | None = None) -> None:
    """Deploys the old release, which has to go well."""
    require_success(await testbed.deploy(OLD, host=host))


async def answering(host: Host, expected: str) -> str:
    """Who answers on a host, once it is who was expected, or else when it has had time."""
    connection = HttpClient(host.address, host.port, keep=False)
    deadline = time.monotonic() + (SERVES_WITHIN if expected else 0)
    while (commit := (await connection.ask()).commit) != expected and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
    return commit


def outcome(testbed: FaultTestbed, ended: Ended, host: Host | None = None) -> Outcome:
    """Of a deployment; on the testbed's own host by default."""
    return Outcome(ended.status, words(ended), host or testbed.host)


def words(ended: Ended) -> str:
    """What the operator is told of a deployment."""
    return "\n".join(f"{event.message}\n{event.log}" for event in ended.events).strip()
