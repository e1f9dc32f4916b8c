"""Checks of the networks of environments: those that exist already, and ranges that overlap others."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

from modules.config.settings import Environment, ExistingNetwork
from slipway.aws import networks
from slipway.aws.clients import Aws
from slipway.aws.networks import ExistingSubnet
from slipway.checkout.project import Project
from slipway.console.shell import command_line
from slipway.doctor import ways_out
from slipway.doctor.check import Check, Topic, later, ok, todo

FREE_FOR_LOAD_BALANCER = 8
"""Per subnet: docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
("Subnets for your load balancer")."""
NAMED = "correct [environments.network] of {} in pipeline.toml"


def existing(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that the networks that environments name exist, and that hosts can work in them."""
    for environment in found.settings.environments:
        if network := environment.existing_network:
            own = found.settings.own_platform(environment)
            if own and not networks.vpcs(aws, network.vpc, network.vpc_tags):
                yield unapplied("network", environment)
            else:
                yield from _network(aws, environment, network)


def unapplied(topic: Topic, environment: Environment) -> Check:
    """A platform of the service itself that does not exist yet."""
    return later(
        topic,
        f"{environment.name}: {topic} not checked: its platform {environment.platform} is not applied yet",
        then=f"apply {environment.platform} first; cdktf deploy keeps this order",
    )


def overlaps(found: Project, aws: Aws) -> Iterator[Check]:
    """Report ranges of networks to create that overlap other VPCs: the two cannot be connected later."""
    wanted = {
        environment.cidr: names.prefix
        for environment, names in zip(found.settings.environments, found.names.environments, strict=True)
        if environment.cidr
    }
    own = networks.vpcs(aws, None, {"service": found.settings.service})
    for vpc, cidrs in networks.ranges(aws).items():
        for cidr, prefix in wanted.items():
            if vpc not in own and any(IPv4Network(cidr).overlaps(IPv4Network(other)) for other in cidrs):
                yield later(
                    "network",
                    f"the range {cidr} of {prefix} overlaps {vpc}, which has {', '.join(cidrs)}",
                    then="choose another cidr if the two networks are to be connected",
                )


def _network(aws: Aws, environment: Environment, network: ExistingNetwork) -> Iterator[Check]:
    name = environment.name
    vpcs = networks.vpcs(aws, network.vpc, network.vpc_tags)
    wanted = network.vpc or _tags(network.vpc_tags)
    if len(vpcs) != 1:
        how_many = "no VPC is" if not vpcs else f"{len(vpcs)} VPCs are"
        yield todo(
            "network",
            f"{name}: {how_many} {wanted}{': ' + ', '.join(vpcs) if vpcs else ''}",
            then=NAMED.format(name),
        )
        return
    (vpc,) = vpcs
    if networks.resolves_names(aws, vpc):
        yield ok("network", f"{name}: {vpc} exists and resolves names")
    else:
        yield todo(
            "network",
            f"{name}: {vpc} does not resolve names, so hosts could find no AWS service",
            then=command_line(
                *("aws", "ec2", "modify-vpc-attribute", "--vpc-id", vpc, "--enable-dns-support")
            ),
        )
    private = networks.subnets(aws, vpc, network.private_subnets, network.private_tags)
    count = environment.zone_count
    yield from _found(f"{name}: private subnets", vpc, private, network.private_subnets or (), count)
    inside = [subnet for subnet in private if subnet.vpc == vpc]
    yield from ways_out.existing(aws, environment, vpc, inside)
    yield _room_for_hosts(environment, inside)
    if environment.existing_load_balancer is None:
        public = networks.subnets(aws, vpc, network.public_subnets, network.public_tags)
        yield from _found(f"{name}: public subnets", vpc, public, network.public_subnets or (), max(count, 2))
        yield from _for_load_balancer(name, [subnet for subnet in public if subnet.vpc == vpc])


def _found(
    what: str, vpc: str, found: Sequence[ExistingSubnet], ids: Sequence[str], count: int
) -> Iterator[Check]:
    """Check that all subnets exist, in this VPC. what: the environment and the kind of subnets."""
    missing = [id_ for id_ in ids if id_ not in {subnet.id for subnet in found}]
    elsewhere = [f"{subnet.id} (in {subnet.vpc})" for subnet in found if subnet.vpc != vpc]
    if missing or elsewhere:
        yield todo(
            "network",
            f"{what} not in {vpc}: {', '.join([*missing, *elsewhere])}",
            then=NAMED.format(what.partition(":")[0]),
        )
    elif not ids and len(found) != count:
        yield todo(
            "network",
            f"{what}: {len(found)} in {vpc} have the tags, and {count} are expected",
            then="correct the tags, or zones in pipeline.toml",
        )
    else:
        zones = sorted({subnet.zone for subnet in found})
        yield ok("network", f"{what}: {len(found)} in {', '.join(zones)}")


def _room_for_hosts(environment: Environment, subnets: Sequence[ExistingSubnet]) -> Check:
    """Check that there are addresses for all hosts, and for one more: it is launched before another ends."""
    free, most = sum(subnet.free for subnet in subnets), environment.maximum_hosts + 1
    said = f"{environment.name}: {free} addresses are free in the private subnets, {most} are needed"
    if free >= most:
        return ok("network", said)
    return todo("network", said, then="name larger subnets, or lower maximum_hosts")


def _for_load_balancer(name: str, subnets: Sequence[ExistingSubnet]) -> Iterator[Check]:
    """Check that a load balancer can be created: two zones, a route to the internet, addresses."""
    if subnets and len({subnet.zone for subnet in subnets}) < 2:
        yield todo(
            "network",
            f"{name}: the public subnets are all in {subnets[0].zone}; a load balancer needs two zones",
            then="name a subnet in another zone",
        )
    for subnet in subnets:
        target = subnet.way_out.target
        if not target.startswith("igw-") or subnet.way_out.lost:
            yield todo(
                "network",
                f"{name}: {subnet.id} has no route to an internet gateway, so clients reach no load"
                " balancer in it",
                why=f"its default route leads to {target}" if target else "",
                then="name a subnet whose default route leads to an internet gateway",
            )
        if subnet.free < FREE_FOR_LOAD_BALANCER:
            yield todo(
                "network",
                f"{name}: {subnet.free} addresses are free in {subnet.id}; a load balancer needs"
                f" {FREE_FOR_LOAD_BALANCER}",
                then="name a larger subnet",
            )


def _tags(tags: dict[str, str]) -> str:
    return "tagged " + ", ".join(f"{key}={value}" for key, value in tags.items())
