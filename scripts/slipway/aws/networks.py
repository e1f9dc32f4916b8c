"""Reads networks that exist: a VPC, its subnets, and where their routes lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slipway.aws.clients import Aws

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import FilterTypeDef, RouteTableTypeDef, SubnetTypeDef

ANYWHERE = "0.0.0.0/0"
TARGETS = (
    *("NatGatewayId", "GatewayId", "TransitGatewayId", "NetworkInterfaceId", "VpcPeeringConnectionId"),
    *("CarrierGatewayId", "CoreNetworkArn", "EgressOnlyInternetGatewayId", "InstanceId", "LocalGatewayId"),
    *("IpAddress", "OdbNetworkArn"),
)
"""docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html"""


@dataclass(frozen=True)
class DefaultRoute:
    """A default route. target: where it leads; "" if there is no such route.

    lost: whether its target does not exist any more. table: the route table.
    """

    target: str = ""
    lost: bool = False
    table: str = ""


@dataclass(frozen=True)
class ExistingSubnet:
    """A subnet. free: addresses that are not in use. way_out: its default route."""

    id: str
    vpc: str
    zone: str
    free: int
    way_out: DefaultRoute


@dataclass(frozen=True)
class ExistingEndpoint:
    """An endpoint in a VPC. service: the AWS service, such as ``ecr.api``. tables: those with a route to it.

    named: whether the service's usual name leads to it in the VPC.
    """

    service: str
    gateway: bool
    available: bool
    named: bool
    tables: frozenset[str]

    def serves(self, subnet: ExistingSubnet) -> bool:
        """Whether hosts in a subnet reach the service through it, by the service's usual name."""
        reached = subnet.way_out.table in self.tables if self.gateway else self.named
        return self.available and reached


def vpcs(aws: Aws, id_: str | None, tags: Mapping[str, str]) -> list[str]:
    """The ids of the VPCs with an id or with all of these tags."""
    filters = [*_tagged(tags), *([_filter("vpc-id", id_)] if id_ else [])]
    pages = aws.ec2.get_paginator("describe_vpcs").paginate(Filters=filters)
    return sorted(vpc.get("VpcId", "") for page in pages for vpc in page["Vpcs"])


def ranges(aws: Aws) -> dict[str, list[str]]:
    """The IPv4 ranges of every VPC in the region, by its id."""
    pages = aws.ec2.get_paginator("describe_vpcs").paginate()
    return {
        vpc.get("VpcId", ""): [block.get("CidrBlock", "") for block in vpc.get("CidrBlockAssociationSet", [])]
        for page in pages
        for vpc in page["Vpcs"]
    }


def resolves_names(aws: Aws, vpc: str) -> bool:
    """Whether AWS's DNS server answers in a VPC."""
    answer = aws.ec2.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsSupport")
    return answer["EnableDnsSupport"].get("Value", False)


def subnets(aws: Aws, vpc: str, ids: Sequence[str] | None, tags: Mapping[str, str]) -> list[ExistingSubnet]:
    """The subnets with these ids in any VPC, or with all of these tags in a VPC; sorted by id."""
    filters = [_filter("subnet-id", *ids)] if ids else [_filter("vpc-id", vpc), *_tagged(tags)]
    pages = aws.ec2.get_paginator("describe_subnets").paginate(Filters=filters)
    found = [subnet for page in pages for subnet in page["Subnets"]]
    tables = _route_tables(aws, vpc)
    return sorted((_subnet(subnet, tables) for subnet in found), key=lambda subnet: subnet.id)


def lets_out(aws: Aws, security_group: str, port: int) -> bool:
    """Whether a security group has a rule that lets its members connect to a TCP port, of any destination."""
    filters = [_filter("group-id", security_group)]
    pages = aws.ec2.get_paginator("describe_security_group_rules").paginate(Filters=filters)
    return any(
        rule.get("IsEgress")
        and (
            rule.get("IpProtocol") == "-1"
            or (rule.get("IpProtocol") == "tcp" and rule.get("FromPort", 0) <= port <= rule.get("ToPort", -1))
        )
        for page in pages
        for rule in page["SecurityGroupRules"]
    )


def endpoints(aws: Aws, vpc: str) -> list[ExistingEndpoint]:
    """The endpoints of AWS's services in a VPC."""
    pages = aws.ec2.get_paginator("describe_vpc_endpoints").paginate(Filters=[_filter("vpc-id", vpc)])
    prefix = f"com.amazonaws.{aws.region}."
    return [
        ExistingEndpoint(
            service=endpoint.get("ServiceName", "").removeprefix(prefix),
            gateway=endpoint.get("VpcEndpointType") == "Gateway",
            available=endpoint.get("State", "").lower() == "available",
            named=endpoint.get("PrivateDnsEnabled", False),
            tables=frozenset(endpoint.get("RouteTableIds", [])),
        )
        for page in pages
        for endpoint in page["VpcEndpoints"]
    ]


def _subnet(subnet: "SubnetTypeDef", tables: "Sequence[RouteTableTypeDef]") -> ExistingSubnet:
    id_ = subnet.get("SubnetId", "")
    return ExistingSubnet(
        id=id_,
        vpc=subnet.get("VpcId", ""),
        zone=subnet.get("AvailabilityZone", ""),
        free=subnet.get("AvailableIpAddressCount", 0),
        way_out=_default_route(id_, tables),
    )


def _default_route(subnet: str, tables: "Sequence[RouteTableTypeDef]") -> DefaultRoute:
    """A subnet's default route: that of its own route table, or of the VPC's main one."""
    of_vpc = DefaultRoute()
    for table in tables:
        for association in table.get("Associations", []):
            if association.get("SubnetId") == subnet:
                return _route(table)
            if association.get("Main"):
                of_vpc = _route(table)
    return of_vpc


def _route(table: "RouteTableTypeDef") -> DefaultRoute:
    """The default route of a route table; its target is what AWS gives an id or ARN of, whatever its kind."""
    id_ = table.get("RouteTableId", "")
    for route in table.get("Routes", []):
        if route.get("DestinationCidrBlock") == ANYWHERE:
            targets = (value for key, value in sorted(route.items()) if key in TARGETS)
            lost = route.get("State") == "blackhole"
            return DefaultRoute(str(next(targets, "an unknown target")), lost, id_)
    return DefaultRoute(table=id_)


def _route_tables(aws: Aws, vpc: str) -> "list[RouteTableTypeDef]":
    pages = aws.ec2.get_paginator("describe_route_tables").paginate(Filters=[_filter("vpc-id", vpc)])
    return [table for page in pages for table in page["RouteTables"]]


def _tagged(tags: Mapping[str, str]) -> "list[FilterTypeDef]":
    return [_filter(f"tag:{key}", value) for key, value in tags.items()]


def _filter(name: str, *values: str) -> "FilterTypeDef":
    return {"Name": name, "Values": list(values)}
