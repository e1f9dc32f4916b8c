"""Checks on a load balancer that exists: which requests the service gets, and what is its owner's to set."""

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase

from modules.config import arns
from modules.config.problems import Finding
from modules.config.settings import Environment, ExistingLoadBalancer, PipelineSettings

MOST_CONDITIONS = 5
"""docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html: values per rule."""
OF_ITS_OWNER = ("access_log_bucket", "allowed_cidrs", "deletion_protection", "plain_http")


def _listener(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    balancer = environment.load_balancer
    if balancer is None:
        return
    if environment.platform:
        for key in ("name", "listener", "security_group"):
            if getattr(balancer, key):
                yield ("load_balancer", key), "cannot be used with platform, which has its own: remove it"
        return
    if balancer.name and balancer.listener:
        yield ("load_balancer", "listener"), "cannot be used with name: remove one of them"
    if not (balancer.name or balancer.listener):
        yield ("load_balancer", "name"), 'is missing; add name = "shared", or the ARN of its listener'
    here = (environment.region or pipeline.region, environment.account or pipeline.account)
    if balancer.listener and arns.place(balancer.listener) != here:
        yield (
            ("load_balancer", "listener"),
            f"must be of the environment's region and account, {here[0]} and {here[1]}",
        )
    if balancer.security_group is None:
        yield (
            ("load_balancer", "security_group"),
            'is missing; add security_group = "sg-0123456789abcdef0"',
        )


def _requests(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    balancer = environment.existing_load_balancer
    if balancer is None:
        return
    conditions = len(host_names(environment, balancer)) + len(balancer.paths or ())
    if conditions == 0:
        yield (
            ("load_balancer", "host_names"),
            'is missing; add host_names = ["my-app.example.com"], paths, or domain with hosted_zone',
        )
    if conditions > MOST_CONDITIONS:
        yield (
            ("load_balancer",),
            f"has {conditions} host names and paths, but a rule can have {MOST_CONDITIONS}: remove some",
        )
    if balancer.paths and balancer.priority is None:
        yield (
            ("load_balancer", "priority"),
            "is missing; paths can overlap with other rules, so their order must be set: add priority = 100",
        )


def _beside_the_platform(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    own, balancer = pipeline.own_platform(environment), environment.existing_load_balancer
    if not (own and balancer and own.domain):
        return
    if any(fnmatchcase(own.domain, host) for host in host_names(environment, balancer)):
        yield (
            ("load_balancer", "host_names"),
            f"has the requests for {own.domain}, the domain of {own.name}: choose another name",
        )


def _surroundings(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    if environment.existing_load_balancer is None:
        return
    if environment.platform:
        pass
    elif environment.network is None:
        yield ("load_balancer",), "also needs network: the network that the load balancer is in"
    elif environment.network.public_subnets or environment.network.public_tags:
        key = "public_subnets" if environment.network.public_subnets else "public_tags"
        yield ("network", key), "cannot be used with load_balancer, which has its own subnets: remove it"
    for key in OF_ITS_OWNER:
        if key in environment.model_fields_set:
            yield (key,), "cannot be used with load_balancer, whose owner decides it: remove it"
    if "alb_5xx" in environment.alarms.model_fields_set:
        yield (
            ("alarms", "alb_5xx"),
            "cannot be used with load_balancer, whose owner has this alarm: remove it",
        )


def host_names(environment: Environment, balancer: ExistingLoadBalancer) -> tuple[str, ...]:
    """Return the host names whose requests the service gets from a load balancer that exists."""
    return balancer.host_names or ((environment.domain,) if environment.domain else ())


def _same_requests(one: Environment, other: Environment, called: str) -> Iterator[Finding]:
    a, b = one.existing_load_balancer, other.existing_load_balancer
    if not (a and b) or (a.name, a.listener) != (b.name, b.listener):
        return
    if a.priority and a.priority == b.priority:
        yield ("load_balancer", "priority"), f"is already the priority of {called}: choose another number"
    elif not (a.priority or b.priority) and (
        common := set(host_names(one, a)).intersection(host_names(other, b))
    ):
        yield (
            ("load_balancer", "host_names"),
            f"has {sorted(common)[0]}, whose requests {called} gets: choose another name",
        )


ENVIRONMENT: tuple[Callable[[PipelineSettings, Environment], Iterator[Finding]], ...] = (
    _listener,
    _requests,
    _beside_the_platform,
    _surroundings,
)
NEIGHBOURS: tuple[Callable[[Environment, Environment, str], Iterator[Finding]], ...] = (_same_requests,)
