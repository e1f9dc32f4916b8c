"""What can be wrong with a release: its image, the way to it, its configuration, the service itself."""

import tempfile
from pathlib import Path
from typing import Literal

from local.rehearsal.codedeploy_agent.agent import SUCCEEDED
from local.rehearsal.codedeploy_agent.script import MAJORS
from local.rehearsal.machines import addresses, registry
from tests.rehearsals import docker_wrapper
from tests.rehearsals.faults.fault import NOBODY, Fault, Outcome, Trying, deploy_old, outcome
from tests.rehearsals.faults.fault_testbed import NEW, FaultTestbed
from tests.rehearsals.flaky_proxy import lost_at_the_first_layer
from tests.rehearsals.refusing_service import refusing

NO_SUCH_DIGEST = "sha256:" + "0" * 64
NO_TEXT = r"caf\351 \033[31m\n"  # a byte that is not UTF-8, and one that a terminal obeys
NOT_PULLED = "the image cannot be pulled; nothing was changed"


def _service(*, logs: str = "", major: Literal[1, 2] = 1, **faults: str) -> Trying:
    """The new release's service itself is at fault.

    logs: what its log ends with, as printf takes it. major: the agent's major version.
    """

    async def trying(testbed: FaultTestbed) -> Outcome:
        testbed.configure(**faults)
        host = testbed.host
        if logs:
            host = docker_wrapper.saying_last(host, testbed.new_directory(), "logs*", logs)
        return outcome(testbed, await testbed.deploy(NEW, host=host, major=major))

    return trying


def _time_is_up(major: Literal[1, 2]) -> Trying:
    """The service does not become ready, and health_check.sh is told to end, and maybe killed."""

    async def trying(testbed: FaultTestbed) -> Outcome:
        testbed.configure(SLIPWAY_FAULTS="unready")
        return outcome(testbed, await testbed.deploy(NEW, major=major, check_seconds="3"))

    return trying


async def _no_registry(testbed: FaultTestbed) -> Outcome:
    return outcome(testbed, await testbed.deploy(NEW, repository=f"{testbed.host.address}:1/my-app"))


async def _registry_lost(testbed: FaultTestbed) -> Outcome:
    """It tells what the image is made of, and is lost with the first layer under way."""
    testbed.forget(NEW)
    async with lost_at_the_first_layer(testbed.store.host) as proxy:
        return outcome(testbed, await testbed.deploy(NEW, repository=f"{proxy}/my-app"))


async def _wrong_digest(testbed: FaultTestbed) -> Outcome:
    return outcome(testbed, await testbed.deploy(NEW, digest=NO_SUCH_DIGEST))


async def _missing_digest(testbed: FaultTestbed) -> Outcome:
    return outcome(testbed, await testbed.deploy(NEW, digest=None))


async def _expired_login(testbed: FaultTestbed) -> Outcome:
    """A registry that no longer takes the password that ECR gives."""
    with tempfile.TemporaryDirectory() as directory:
        place, address = Path(directory) / "registry", addresses.own_address()
        with registry.registry(place, address, "no-longer-this", lambda _store, _push: None) as other:
            return outcome(testbed, await testbed.deploy(NEW, repository=f"{other.host}/my-app"))


async def _no_parameters(testbed: FaultTestbed) -> Outcome:
    """The image is there, for it was deployed before; Parameter Store is not."""
    await testbed.deploy(NEW)
    await deploy_old(testbed)
    return outcome(
        testbed, await testbed.deploy(NEW, host=testbed.reaching(AWS_ENDPOINT_URL="http://127.0.0.1:1"))
    )


async def _parameters_refused(testbed: FaultTestbed) -> Outcome:
    """The registry takes the host's login, and Parameter Store says no."""
    async with refusing() as elsewhere:
        return outcome(
            testbed, await testbed.deploy(NEW, host=testbed.reaching(AWS_ENDPOINT_URL_SSM=elsewhere))
        )


async def _no_log_stream(testbed: FaultTestbed) -> Outcome:
    """A host that logs to CloudWatch, as those on EC2 do, and whose role may not."""
    facts = testbed.host.directory / "awslogs.env"
    facts.write_text((testbed.host.directory / "host.env").read_text() + "LOG_DRIVER=awslogs\n")
    async with refusing() as elsewhere:
        host = testbed.reaching(SLIPWAY_HOST_ENV=str(facts), AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=elsewhere)
        return outcome(testbed, await testbed.deploy(NEW, host=host))


async def _hangs_on_sigterm(testbed: FaultTestbed) -> Outcome:
    testbed.host.clear()
    testbed.configure(SLIPWAY_FAULTS="hang_on_sigterm")
    await deploy_old(testbed)
    testbed.configure()
    return outcome(testbed, await testbed.deploy(NEW))


FAULTS = (
    Fault(name="registry unreachable", trying=_no_registry, says=NOT_PULLED),
    Fault(name="registry lost during the pull", trying=_registry_lost, says=NOT_PULLED),
    Fault(name="wrong digest", trying=_wrong_digest, says="the registry has no such image"),
    Fault(
        name="missing digest",
        trying=_missing_digest,
        says="the image.json or app.json of this revision is invalid",
    ),
    Fault(name="expired login", trying=_expired_login, says=NOT_PULLED),
    Fault(name="Parameter Store unreachable", trying=_no_parameters, says="the configuration cannot be read"),
    Fault(name="Parameter Store refuses", trying=_parameters_refused, says="(AccessDeniedException)"),
    Fault(name="CloudWatch Logs refuses", trying=_no_log_stream, says="the log stream cannot be created"),
    Fault(
        name="container exits at once, its log is not text, agent 2",
        trying=_service(SLIPWAY_FAULTS="crash_after:0", logs=NO_TEXT, major=2),
        says="is not healthy",
    ),
    Fault(name="crash loop", trying=_service(SLIPWAY_FAULTS="crash_after:2"), says="is not healthy"),
    Fault(
        name="never ready, its log is not text",
        trying=_service(SLIPWAY_FAULTS="unready", logs=NO_TEXT),
        says="/readyz answered 503",
    ),
    *(
        Fault(
            name=f"a check whose time is up, agent {major}",
            trying=_time_is_up(major),
            says="failed to complete in 3 seconds",
        )
        for major in MAJORS
    ),
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
    Fault(
        name="first deployment, nothing to go back to",
        trying=_service(SLIPWAY_FAULTS="crash_after:0"),
        answers=NOBODY,
        says="there is no previous container to restore",
        old=False,
    ),
)
