"""Checks that hosts in subnets that exist reach AWS's services: through a NAT gateway, or endpoints."""

from collections.abc import Iterator, Sequence

from modules.config.endpoints import S3, SERVICES
from modules.config.settings import Environment
from slipway.aws import networks
from slipway.aws.clients import Aws
from slipway.aws.networks import ExistingEndpoint, ExistingSubnet
from slipway.doctor.check import Check, later, ok, todo


def existing(
    aws: Aws, environment: Environment, vpc: str, subnets: Sequence[ExistingSubnet]
) -> Iterator[Check]:
    """Check that hosts reach AWS's services: through a NAT gateway, or endpoints."""
    endpoints = networks.endpoints(aws, vpc)
    for subnet in subnets:
        if subnet.way_out.target:
            yield from _by_route(environment.name, subnet)
        elif not endpoints:
            yield todo(
                "network",
                f"{environment.name}: {subnet.id} has no default route, so hosts reach no AWS service",
                then="add a route to a NAT gateway, or endpoints",
            )
        if environment.endpoints or (endpoints and not subnet.way_out.target):
            yield _by_endpoints(environment, subnet, vpc, endpoints)


def _by_route(name: str, subnet: ExistingSubnet) -> Iterator[Check]:
    """Check that a default route leads to a NAT gateway."""
    target = subnet.way_out.target
    if subnet.way_out.lost:
        yield todo(
            "network",
            f"{name}: the default route of {subnet.id} leads to {target}, which does not exist any more",
            then=f"let the default route of {subnet.way_out.table} lead to a NAT gateway",
        )
    elif target.startswith("igw-"):
        yield todo(
            "network",
            f"{name}: {subnet.id} is a public subnet, in which hosts without public addresses reach nothing",
            why=f"its default route leads to {target}",
            then="name a subnet with a route to a NAT gateway",
        )
    elif not target.startswith("nat-"):
        yield later(
            "network",
            f"{name}: the default route of {subnet.id} leads to {target}, beyond which doctor cannot look",
            then="make sure that hosts reach AWS's services over HTTPS that way",
        )


def _by_endpoints(
    environment: Environment, subnet: ExistingSubnet, vpc: str, endpoints: Sequence[ExistingEndpoint]
) -> Check:
    """Check that a subnet's hosts reach all services through endpoints."""
    useless = _useless(subnet, endpoints)
    route = "a default route" if subnet.way_out.target else "no default route"
    what = f"{environment.name}: {subnet.id} has {route}"
    if useless:
        listed = "; ".join(f"{reason} {', '.join(services)}" for reason, services in useless.items())
        return todo(
            "network", f"{what}, and {vpc} {listed}", then=f"mend this in {vpc}{_or_without(environment)}"
        )
    if not environment.endpoints:
        return todo(
            "network",
            f"{what}, and CodeDeploy's agent does not use the endpoint in {vpc}",
            then="set endpoints = true for this environment in pipeline.toml",
        )
    return ok("network", f"{what}; {vpc} has all endpoints that hosts need")


def _or_without(environment: Environment) -> str:
    return ", or remove endpoints = true" if environment.endpoints else ""


def _useless(subnet: ExistingSubnet, endpoints: Sequence[ExistingEndpoint]) -> dict[str, list[str]]:
    """The services that hosts in a subnet do not reach through an endpoint, by the reason."""
    reasons: dict[str, list[str]] = {}
    for service in sorted({S3, *SERVICES}):
        found = [endpoint for endpoint in endpoints if endpoint.service == service]
        if any(endpoint.serves(subnet) for endpoint in found):
            continue
        if not any(endpoint.available for endpoint in found):
            reason = "an endpoint that is not available for" if found else "no endpoint for"
        elif any(endpoint.gateway for endpoint in found):
            reason = f"no route in {subnet.way_out.table} to its endpoint for"
        else:
            reason = "an endpoint without private DNS names for"
        reasons.setdefault(reason, []).append(service)
    return reasons
