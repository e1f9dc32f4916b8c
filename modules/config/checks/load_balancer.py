"""Checks on a load balancer that exists: how it is found, and what is its owner's to set."""

from collections.abc import Callable, Iterator

from modules.config import arns
from modules.config.problems import Finding
from modules.config.settings import Environment, PipelineSettings

EnvironmentCheck = Callable[[PipelineSettings, Environment], Iterator[Finding]]
OF_ITS_OWNER = ("access_log_bucket", "allowed_cidrs", "deletion_protection", "plain_http")


def _of_the_platform(key: str) -> EnvironmentCheck:
    """A check that a key of a load balancer is not set beside a platform."""

    def check(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
        if environment.platform and environment.load_balancer and getattr(environment.load_balancer, key):
            yield ("load_balancer", key), "cannot be used with platform, which has its own: remove it"

    return check


def _listener(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    balancer = environment.load_balancer
    if balancer is None or environment.platform:
        return
    if balancer.name and balancer.listener:
        yield ("load_balancer", "listener"), "cannot be used with name: remove one of them"
    if not (balancer.name or balancer.listener):
        yield ("load_balancer", "name"), 'is missing; add name = "shared", or the ARN of its listener'


def _place(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    balancer = environment.load_balancer
    if balancer is None or environment.platform:
        return
    here = (environment.region or pipeline.region, environment.account or pipeline.account)
    if balancer.listener and arns.place(balancer.listener) != here:
        yield (
            ("load_balancer", "listener"),
            f"must be of the environment's region and account, {here[0]} and {here[1]}",
        )


def _security_group(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    balancer = environment.load_balancer
    if balancer and not environment.platform and balancer.security_group is None:
        yield (
            ("load_balancer", "security_group"),
            'is missing; add security_group = "sg-0123456789abcdef0"',
        )


def _surroundings(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    network = environment.network
    if environment.platform or environment.load_balancer is None:
        return
    if network is None:
        yield ("load_balancer",), "also needs network: the network that the load balancer is in"
    elif network.public_subnets or network.public_tags:
        key = "public_subnets" if network.public_subnets else "public_tags"
        yield ("network", key), "cannot be used with load_balancer, which has its own subnets: remove it"


def _of_its_owner(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    other = "platform" if environment.platform else "load_balancer"
    if not getattr(environment, other):
        return
    for key in OF_ITS_OWNER:
        if key in environment.model_fields_set:
            yield (key,), f"cannot be used with {other}, whose owner decides it: remove it"
    if "alb_5xx" in environment.alarms.model_fields_set:
        yield ("alarms", "alb_5xx"), f"cannot be used with {other}, whose owner has this alarm: remove it"


ENVIRONMENT: tuple[EnvironmentCheck, ...] = (
    *map(_of_the_platform, ("name", "listener", "security_group")),
    _listener,
    _place,
    _security_group,
    _surroundings,
    _of_its_owner,
)
