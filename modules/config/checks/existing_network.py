"""Checks on a network that exists: how it is found, and what its own routes and subnets decide."""

from collections.abc import Callable, Iterator

from modules.config.problems import Finding
from modules.config.settings import Environment, PipelineSettings

EnvironmentCheck = Callable[[PipelineSettings, Environment], Iterator[Finding]]
TAGS = ("vpc_tags", "private_tags", "public_tags")
LONGEST_KEY, LONGEST_VALUE = 128, 256
"""docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html."""


def _looked_up(ids: str, tags: str) -> EnvironmentCheck:
    """A check that a VPC, or subnets, are given by ids or by tags."""

    def check(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
        network = environment.network
        if network is None or environment.platform:
            return
        if ids == "public_subnets" and environment.load_balancer is not None:
            return
        given = bool(getattr(network, ids))
        if given == bool(getattr(network, tags)):
            yield (
                ("network", ids),
                f"cannot be used with {tags}: remove one of them"
                if given
                else f"is missing; add it, or {tags}",
            )

    return check


def _searched_tags(tags: str) -> EnvironmentCheck:
    """A check of tags to search for: ``aws:`` and wildcards, which EC2 takes in values, are allowed."""

    def check(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
        for key, value in getattr(environment.network, tags).items() if environment.network else ():
            if message := _searched_tag(key, value):
                yield ("network", tags, key), message

    return check


def _searched_tag(key: str, value: str) -> str | None:
    if any(mark in f"{key} {value}" for mark in ("${", "%{")):
        return "must not contain ${ or %{, which Terraform would read as an expression"
    if not 1 <= len(key) <= LONGEST_KEY or len(value) > LONGEST_VALUE:
        return f"must have a key of 1 to {LONGEST_KEY} and a value of at most {LONGEST_VALUE} characters"
    return None if f"{key}{value}".isprintable() else "must have no control characters"


def _public_subnets(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    network = environment.network
    if network and network.public_subnets and len(set(network.public_subnets)) < 2:
        yield ("network", "public_subnets"), "must be two subnets at least: a load balancer spans two zones"


def _both_kinds(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    """A subnet of hosts has its default route to a NAT gateway, one of load balancers to the internet's."""
    network = environment.network
    if network is None or environment.load_balancer is not None:
        return
    if common := [id_ for id_ in network.public_subnets or () if id_ in (network.private_subnets or ())]:
        yield (
            ("network", "public_subnets"),
            (
                f"must not have {common[0]}, which private_subnets has: a load balancer needs a route to an"
                " internet gateway, hosts one to a NAT gateway"
            ),
        )
    elif network.public_tags and network.public_tags == network.private_tags:
        yield (
            ("network", "public_tags"),
            (
                "must not be the same as private_tags: a load balancer needs a route to an internet gateway,"
                " hosts one to a NAT gateway"
            ),
        )


def _routes(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    other = "platform" if environment.platform else "network"
    if "nat" in environment.model_fields_set and getattr(environment, other):
        yield ("nat",), f"cannot be used with {other}, which has its own routes: remove it"


def _zones_of_subnets(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    network = environment.network
    if network is None or environment.platform:
        return
    if isinstance(environment.zones, tuple) or (
        "zones" in environment.model_fields_set and network.private_subnets
    ):
        yield ("zones",), "must be a number, and only with network.private_tags: the subnets decide the zones"


ENVIRONMENT: tuple[EnvironmentCheck, ...] = (
    _looked_up("vpc", "vpc_tags"),
    _looked_up("private_subnets", "private_tags"),
    _looked_up("public_subnets", "public_tags"),
    *map(_searched_tags, TAGS),
    _public_subnets,
    _both_kinds,
    _routes,
    _zones_of_subnets,
)
