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


def _addresses(_: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    network, platform = environment.network, environment.platform
    if environment.cidr is None and network is None and platform is None:
        yield ("cidr",), 'is missing; add cidr = "10.20.0.0/16", or network or platform for one that exists'
    if environment.cidr is not None and (network or platform):
        other = "network" if network else "platform"
        yield ("cidr",), f"cannot be used with {other}, which has its own addresses: remove one of them"


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
    _addresses,
    _endpoints,
    _room,
    _egress,
)
NEIGHBOURS: tuple[Callable[[Environment, Environment, str], Iterator[Finding]], ...] = (_overlap,)
