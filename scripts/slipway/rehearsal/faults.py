"""What can go wrong in a release on a host, each tried for real, with the end that it has to come to."""

import asyncio
import socket
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from slipway.errors import SlipwayError
from slipway.rehearsal import addresses, registry
from slipway.rehearsal.agent import require
from slipway.rehearsal.fault_stage import NEW, OLD, FaultStage
from slipway.rehearsal.hooks import FAILED, SUCCEEDED, Ended
from slipway.rehearsal.load import Connection

NOBODY = ""
NO_SUCH_DIGEST = "sha256:" + "0" * 64
SERVES_WITHIN = 20.0  # seconds

Trying = Callable[[FaultStage], Awaitable[Ended]]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something that goes wrong.

    status: of the deployment. answers: the commit that answers on the host afterwards. says: words that
    the operator is told. old: whether a release serves before.
    """

    name: str
    trying: Trying
    status: str = FAILED
    answers: str = OLD
    says: str
    old: bool = True


async def play(stage: FaultStage, fault: Fault) -> list[str]:
    """Tries one fault on a host that serves the old release, or nothing; what was not as it has to be."""
    stage.host.clear()
    stage.configure()
    if fault.old:
        await _deploy_old(stage)
    ended = await fault.trying(stage)
    answers = await _answering(stage, fault.answers)
    told = "\n".join(f"{event.message}\n{event.log}" for event in ended.events)
    wrong = []
    if ended.status != fault.status:
        wrong.append(f"the deployment is {ended.status}, and has to be {fault.status}:\n{told.strip()}")
    if answers != fault.answers:
        wrong.append(f"{answers or 'nobody'} answers, and {fault.answers or 'nobody'} has to")
    if fault.says not in told:
        wrong.append(f"the operator is not told “{fault.says}”, but:\n{told.strip()}")
    return wrong


async def _deploy_old(stage: FaultStage) -> None:
    ended = await stage.deploy(OLD)
    if ended.failed:
        require(ended.failed)


async def _answering(stage: FaultStage, expected: str) -> str:
    """Who answers on the host, once it is who was expected, or else when it has had time."""
    connection = Connection(stage.host.address, stage.host.port, keep=False)
    deadline = time.monotonic() + (SERVES_WITHIN if expected else 0)
    while (commit := (await connection.ask()).commit) != expected and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
    return commit


def _service(**faults: str) -> Trying:
    """The new release's service itself is at fault."""

    async def trying(stage: FaultStage) -> Ended:
        stage.configure(**faults)
        return await stage.deploy(NEW)

    return trying


async def _no_registry(stage: FaultStage) -> Ended:
    return await stage.deploy(NEW, repository=f"{stage.host.address}:1/my-app")


async def _wrong_digest(stage: FaultStage) -> Ended:
    return await stage.deploy(NEW, digest=NO_SUCH_DIGEST)


async def _missing_digest(stage: FaultStage) -> Ended:
    return await stage.deploy(NEW, digest=None)


async def _expired_login(stage: FaultStage) -> Ended:
    """A registry that no longer takes the password that ECR gives."""
    with tempfile.TemporaryDirectory() as directory:
        place, address = Path(directory) / "registry", addresses.own_address()
        with registry.registry(place, address, "no-longer-this", lambda _store, _push: None) as other:
            return await stage.deploy(NEW, repository=f"{other.host}/my-app")


async def _no_parameters(stage: FaultStage) -> Ended:
    """The image is there, for it was deployed before; Parameter Store is not."""
    await stage.deploy(NEW)
    await _deploy_old(stage)
    return await stage.deploy(NEW, host=stage.without_aws())


async def _hangs_on_sigterm(stage: FaultStage) -> Ended:
    stage.host.clear()
    stage.configure(SLIPWAY_FAULTS="hang_on_sigterm")
    await _deploy_old(stage)
    stage.configure()
    return await stage.deploy(NEW)


async def _port_taken(stage: FaultStage) -> Ended:
    with socket.create_server((stage.host.address, stage.host.port)):
        return await stage.deploy(NEW)


async def _two_at_once(stage: FaultStage) -> Ended:
    """The second waits for the first; which of the two is the first is nobody's to say."""
    first, second = await asyncio.gather(stage.deploy(NEW), stage.deploy(NEW))
    waited = next((each for each in (first, second) if "is busy" in _log(each)), None)
    if waited is None:
        raise SlipwayError("neither of two deployments at once said that it waited")
    return waited


def _log(ended: Ended) -> str:
    return "\n".join(event.log for event in ended.events)


FAULTS = (
    Fault(
        name="registry unreachable",
        trying=_no_registry,
        says="the image cannot be pulled; nothing was touched",
    ),
    Fault(name="wrong digest", trying=_wrong_digest, says="the registry has no such image"),
    Fault(
        name="missing digest", trying=_missing_digest, says="this revision does not say which image to start"
    ),
    Fault(
        name="expired login", trying=_expired_login, says="the image cannot be pulled; nothing was touched"
    ),
    Fault(name="Parameter Store unreachable", trying=_no_parameters, says="the configuration cannot be read"),
    Fault(
        name="container exits at once", trying=_service(SLIPWAY_FAULTS="crash_after:0"), says="is not healthy"
    ),
    Fault(name="crash loop", trying=_service(SLIPWAY_FAULTS="crash_after:2"), says="is not healthy"),
    Fault(name="never ready", trying=_service(SLIPWAY_FAULTS="unready"), says="/readyz answered 503"),
    Fault(
        name="slower than the deadline",
        trying=_service(SLIPWAY_FAULTS="slow_start:90"),
        says="is not healthy",
    ),
    Fault(name="hangs", trying=_service(SLIPWAY_FAULTS="hang"), says="is not healthy"),
    Fault(
        name="old release hangs on SIGTERM",
        trying=_hangs_on_sigterm,
        status=SUCCEEDED,
        answers=NEW,
        says="is healthy and stays",
    ),
    Fault(name="port taken by a stranger", trying=_port_taken, answers=NOBODY, says="is taken", old=False),
    Fault(
        name="first deployment, nothing to go back to",
        trying=_service(SLIPWAY_FAULTS="crash_after:0"),
        answers=NOBODY,
        says="there is no container from before to bring back",
        old=False,
    ),
    Fault(
        name="two deployments at once",
        trying=_two_at_once,
        status=SUCCEEDED,
        answers=NEW,
        says="this host is busy",
    ),
)
