"""Checks on an environment's account, region, zones and addresses."""

from collections.abc import Callable, Iterator
from ipaddress import IPv4Network

from modules.config.endpoints import SERVICES
from modules.config.networks import hosts_that_fit, is_private
from modules.config.problems import Finding
from modules.config.regions import WITHOUT_AGENT_ENDPOINT
from modules.config.settings import Environment, PipelineSettings


def _account(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    if environment.account not in (None, pipeline.account):
        yield ("account",), f"must be the service's account, {pipeline.account}: others are not supported yet"


def _region(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    if environment.region not in (None, pipeline.region):
        yield ("region",), f"must be the service's region, {pipeline.region}: others are not supported yet"


def _zones(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    region = environment.region or pipeline.region
    zones = environment.zones if isinstance(environment.zones, tuple) else ()
    for n, zone in enumerate(zones):
        if zone[:-1] != region:
            yield ("zones", n), f'must be a zone of the region, such as "{region}a"'


def _network(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    network, platform = environment.network, environment.platform
    if environment.cidr is None and network is None and platform is None:
        yield ("cidr",), 'is missing; add cidr = "10.20.0.0/16", or network or platform for one that exists'
    if environment.cidr is not None and (network or platform):
        other = "network" if network else "platform"
        yield ("cidr",), f"cannot be used with {other}, which has its own addresses: remove one of them"
    if platform:
        yield from _platform(pipeline, environment)
    if network is None or platform:
        return
    for key, ids, tags in (
        ("vpc", network.vpc, network.vpc_tags),
        ("private_subnets", network.private_subnets, network.private_tags),
        *(
            [("public_subnets", network.public_subnets, network.public_tags)]
            if environment.load_balancer is None
            else []
        ),
    ):
        by_tags = f"{key.partition('_')[0]}_tags"
        if bool(ids) == bool(tags):
            yield (
                ("network", key),
                f"cannot be used with {by_tags}: remove one of them"
                if ids
                else f"is missing; add it, or {by_tags}",
            )
    if network.public_subnets and len(set(network.public_subnets)) < 2:
        yield ("network", "public_subnets"), "must be two subnets at least: a load balancer spans two zones"
    if "nat" in environment.model_fields_set:
        yield ("nat",), "cannot be used with network, which has its own routes: remove it"
    if isinstance(environment.zones, tuple) or (
        network.private_subnets and "zones" in environment.model_fields_set
    ):
        yield ("zones",), "must be a number, and only with network.private_tags: the subnets decide the zones"


def _endpoints(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    if not environment.endpoints:
        return
    if "nat" in environment.model_fields_set and environment.network is None:
        yield (
            ("nat",),
            "cannot be used with endpoints, which are in place of NAT gateways: remove one of them",
        )
    region = environment.region or pipeline.region
    if region in WITHOUT_AGENT_ENDPOINT:
        yield ("endpoints",), f"cannot be used in {region}: AWS has no endpoint for CodeDeploy's agent there"
    for n, way in enumerate(environment.egress if environment.makes_endpoints else ()):
        if way.cidr and not is_private(IPv4Network(way.cidr)):
            yield (
                ("egress", n, "cidr"),
                (
                    "cannot be reached with endpoints, which leave hosts no way to the internet:"
                    " name a private range, or remove it"
                ),
            )


def _platform(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    if environment.network:
        yield ("network",), "cannot be used with platform, which has a network: remove one of them"
    if own := pipeline.own_platform(environment):
        yield from _own_platform(pipeline, environment, own)
    if "nat" in environment.model_fields_set:
        yield ("nat",), "cannot be used with platform, which has its own routes: remove it"
    if environment.endpoints:
        yield (
            ("endpoints",),
            "cannot be used with platform, whose endpoints let in its own hosts only: remove it",
        )
    if isinstance(environment.zones, tuple):
        yield ("zones",), "must be a number, as many as the platform has: its subnets decide the zones"


def _own_platform(
    pipeline: PipelineSettings, environment: Environment, own: Environment
) -> Iterator[Finding]:
    """Mistakes in a platform that is an environment of the same service."""
    order = [one.name for one in pipeline.environments]
    if order.index(own.name) >= order.index(environment.name):
        yield ("platform",), "must be of another service, or an environment that is listed before this one"
    elif own.platform:
        yield ("platform",), f"must be an environment without a platform; {own.name} has {own.platform}"
    elif own.network or own.load_balancer:
        key = "network" if own.network else "load_balancer"
        yield (
            ("platform",),
            f"must be an environment that creates both; {own.name} has {key}: name what exists here, too",
        )
    elif own.plain_http:
        yield ("platform",), f"must be an environment with HTTPS; {own.name} has plain_http"
    elif own.endpoints:
        yield (
            ("platform",),
            f"must be an environment with a NAT gateway; {own.name} has endpoints, for its own hosts only",
        )
    elif not isinstance(environment.zones, tuple) and environment.zones != own.zone_count:
        yield ("zones",), f"must be {own.zone_count}, as many as {own.name} has: its subnets decide the zones"


def _room(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    if environment.cidr is None:
        return
    zones = environment.zone_count
    length, most = IPv4Network(environment.cidr).prefixlen, environment.maximum_hosts
    fits = hosts_that_fit(length, zones, taken=len(SERVICES) if environment.makes_endpoints else 0)
    spread = "1 zone" if zones == 1 else f"{zones} zones"
    if most > fits and length > 16:
        yield ("cidr",), f"is too small for maximum_hosts = {most}: it holds {fits} in {spread}"
    elif most > fits:
        yield ("maximum_hosts",), f"must be at most {fits}: no network has more in {spread}"


def _egress(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    # Without endpoints always open: AWS's services, packages, the registry.
    seen = set() if environment.makes_endpoints else {(443, "0.0.0.0/0")}
    for n, way in enumerate(environment.egress):
        if (way.cidr is None) == (way.security_group is None):
            had = "neither" if way.cidr is None else "both"
            yield ("egress", n), f"must have one of cidr and security_group; it has {had}"
            continue
        if (peer := (way.port, way.cidr or way.security_group or "")) in seen:
            yield (
                ("egress", n),
                f"opens port {way.port} to {peer[1]}, which is already open: remove it",
            )
        seen.add(peer)


def _overlap(one: Environment, other: Environment, called: str) -> Iterator[Finding]:
    if one.cidr and other.cidr and IPv4Network(one.cidr).overlaps(IPv4Network(other.cidr)):
        yield ("cidr",), f"overlaps {called}, which has {other.cidr}: choose a range that overlaps no other"


ENVIRONMENT: tuple[Callable[[PipelineSettings, Environment], Iterator[Finding]], ...] = (
    _account,
    _region,
    _zones,
    _network,
    _endpoints,
    _room,
    _egress,
)
NEIGHBOURS: tuple[Callable[[Environment, Environment, str], Iterator[Finding]], ...] = (_overlap,)
