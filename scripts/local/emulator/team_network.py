"""Creates in an emulated account the networks and load balancers that pipeline.toml names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from local.emulator.gaps.given_ids import ID_TAG
from modules.config.conditions import host_names
from modules.config.settings import (
    Environment,
    ExistingLoadBalancer,
    ExistingNetwork,
    PipelineSettings,
)
from slipway.aws.clients import Aws

if TYPE_CHECKING:
    from mypy_boto3_ec2.literals import ResourceTypeType
    from mypy_boto3_ec2.type_defs import TagSpecificationTypeDef

CIDR = "10.200.0.0/16"
SUBNET = "10.200.{}.0/24"
PUBLIC, SPARE = 10, 99  # the third number in the addresses of the first public subnet, of the spare one
HTTPS = 443


@dataclass(frozen=True)
class TeamNetwork:
    """A network as a team would have made it, with a subnet that lookups must not find."""

    vpc_id: str
    public: tuple[str, ...]


def create_networks(aws: Aws, pipelines: Iterable[PipelineSettings]) -> None:
    """Create each network and load balancer that an environment names, once.

    A load balancer has a certificate for the host names of all services behind it, as its owner sees to.
    """
    pipelines = tuple(pipelines)
    networks: dict[str, TeamNetwork] = {}
    load_balancers = set()
    hosts = {
        host
        for pipeline in pipelines
        for environment in pipeline.environments
        if environment.existing_load_balancer
        for host in host_names(environment, environment.existing_load_balancer)
    }
    for pipeline, environment in (
        (one, environment) for one in pipelines for environment in one.environments
    ):
        if (network := environment.existing_network) is None or pipeline.own_platform(environment):
            continue  # its own stacks create the network
        key = network.model_dump_json(include={"vpc", "vpc_tags"})
        if key not in networks:
            networks[key] = _create_network(aws, environment, network)
        if (balancer := environment.existing_load_balancer) and _name(balancer) not in load_balancers:
            _create_load_balancer(aws, networks[key], balancer, _certificate(aws, hosts))
            load_balancers.add(_name(balancer))


def _create_network(aws: Aws, environment: Environment, network: ExistingNetwork) -> TeamNetwork:
    """Create VPC, subnets, internet gateway, NAT gateway and routes."""
    tags = _tags("vpc", network.vpc, network.vpc_tags)
    vpc_id = aws.ec2.create_vpc(CidrBlock=CIDR, TagSpecifications=tags)["Vpc"]["VpcId"]
    aws.ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": True})
    zones = environment.zone_count
    private = _subnets(aws, vpc_id, network.private_subnets or zones, network.private_tags, first=0)
    public = _subnets(aws, vpc_id, network.public_subnets or max(zones, 2), network.public_tags, first=PUBLIC)
    (spare,) = _subnets(aws, vpc_id, 1, {}, first=SPARE)
    gateway = aws.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    aws.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc_id)
    table = _route_table(aws, vpc_id, [*public, spare])
    aws.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    address = aws.ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = aws.ec2.create_nat_gateway(SubnetId=public[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
    table = _route_table(aws, vpc_id, private)
    aws.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    return TeamNetwork(vpc_id, tuple(public))


def _subnets(
    aws: Aws, vpc_id: str, ids: Iterable[str] | int, tags: Mapping[str, str], *, first: int
) -> list[str]:
    """Create subnets with these ids, or as many as ``ids``, in turn in each zone."""
    wanted: list[str | None] = [None] * ids if isinstance(ids, int) else list(ids)
    zones = [zone["ZoneName"] for zone in aws.ec2.describe_availability_zones()["AvailabilityZones"]]
    in_turn = islice(cycle(zones), len(wanted))
    return [
        aws.ec2.create_subnet(
            VpcId=vpc_id,
            CidrBlock=SUBNET.format(number),
            AvailabilityZone=zone,
            TagSpecifications=_tags("subnet", id_, _numbered(tags, number)),
        )["Subnet"]["SubnetId"]
        for number, (id_, zone) in enumerate(zip(wanted, in_turn, strict=True), first)
    ]


def _numbered(tags: Mapping[str, str], number: int) -> dict[str, str]:
    """Tags in which a number takes the place of a wildcard."""
    return {key: value.replace("*", str(number)) for key, value in tags.items()}


def _route_table(aws: Aws, vpc_id: str, subnets: Iterable[str]) -> str:
    table = aws.ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    for subnet in subnets:
        aws.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    return table


def _create_load_balancer(
    aws: Aws, network: TeamNetwork, balancer: ExistingLoadBalancer, certificate: str
) -> None:
    """Create a load balancer whose HTTPS listener answers 404, with the settings' security group."""
    name, *ids = (balancer.listener or "").split("/")[2:] or [balancer.name or ""]
    balancer_id, listener_id = ids or (None, None)
    group = aws.ec2.create_security_group(
        GroupName=name,
        Description="The load balancer of a team.",
        VpcId=network.vpc_id,
        TagSpecifications=_tags("security-group", balancer.security_group, {"Name": f"{name}-alb"}),
    )["GroupId"]
    (created,) = aws.elbv2.create_load_balancer(
        Name=name,
        Subnets=list(network.public),
        SecurityGroups=[group],
        Tags=[{"Key": ID_TAG, "Value": balancer_id}] if balancer_id else [{"Key": "team", "Value": "web"}],
    )["LoadBalancers"]
    aws.elbv2.create_listener(
        LoadBalancerArn=created["LoadBalancerArn"],
        Port=HTTPS,
        Protocol="HTTPS",
        Certificates=[{"CertificateArn": certificate}],
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
        Tags=[{"Key": ID_TAG, "Value": listener_id}] if listener_id else [{"Key": "team", "Value": "web"}],
    )


def _name(balancer: ExistingLoadBalancer) -> str:
    """The load balancer's name, from the ARN of its listener if it is given so."""
    return balancer.name or (balancer.listener or "").split("/")[2]


def _certificate(aws: Aws, hosts: Iterable[str]) -> str:
    """A certificate for the listener of a load balancer. hosts: its names beside its owner's."""
    acm: Any = aws.client("acm")  # no type stubs are installed for it
    name = "shared.example.com"
    names = sorted({name, *hosts})
    return str(acm.request_certificate(DomainName=name, SubjectAlternativeNames=names)["CertificateArn"])


def _tags(
    kind: "ResourceTypeType", id_: str | None, tags: Mapping[str, str]
) -> "list[TagSpecificationTypeDef]":
    """The tags of a resource, with the one by which the emulator gives it its id."""
    named = {"team": "web", **tags, **({ID_TAG: id_} if id_ else {})}
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in named.items()]}]
