"""Reads networks that exist: a VPC, its subnets, and where their routes lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slipway.aws.clients import Aws

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import FilterTypeDef, RouteTableTypeDef, SubnetTypeDef

ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class ExistingSubnet:
    """A subnet. free: addresses that are not in use. way_out: the target of its default route, or empty."""

    id: str
    vpc: str
    zone: str
    free: int
    way_out: str


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


def endpoints(aws: Aws, vpc: str) -> set[str]:
    """The AWS services that a VPC has interface endpoints for, such as ``ecr.api``."""
    pages = aws.ec2.get_paginator("describe_vpc_endpoints").paginate(Filters=[_filter("vpc-id", vpc)])
    names = (endpoint.get("ServiceName", "") for page in pages for endpoint in page["VpcEndpoints"])
    return {name.removeprefix(f"com.amazonaws.{aws.region}.") for name in names}


def _subnet(subnet: "SubnetTypeDef", tables: "Sequence[RouteTableTypeDef]") -> ExistingSubnet:
    id_ = subnet.get("SubnetId", "")
    return ExistingSubnet(
        id=id_,
        vpc=subnet.get("VpcId", ""),
        zone=subnet.get("AvailabilityZone", ""),
        free=subnet.get("AvailableIpAddressCount", 0),
        way_out=_default_route(id_, tables),
    )


def _default_route(subnet: str, tables: "Sequence[RouteTableTypeDef]") -> str:
    """The target of a subnet's default route: of its own route table, or of the VPC's main one."""
    of_vpc = ""
    for table in tables:
        for association in table.get("Associations", []):
            if association.get("SubnetId") == subnet:
                return _target(table)
            if association.get("Main"):
                of_vpc = _target(table)
    return of_vpc


def _target(table: "RouteTableTypeDef") -> str:
    """Where a route table's default route leads, such as ``nat-0123456789abcdef0``."""
    kinds = ("NatGatewayId", "GatewayId", "TransitGatewayId", "NetworkInterfaceId", "VpcPeeringConnectionId")
    for route in table.get("Routes", []):
        if route.get("DestinationCidrBlock") == ANYWHERE:
            return next((str(route[kind]) for kind in kinds if route.get(kind)), "")  # type: ignore[literal-required]
    return ""


def _route_tables(aws: Aws, vpc: str) -> "list[RouteTableTypeDef]":
    pages = aws.ec2.get_paginator("describe_route_tables").paginate(Filters=[_filter("vpc-id", vpc)])
    return [table for page in pages for table in page["RouteTables"]]


def _tagged(tags: Mapping[str, str]) -> "list[FilterTypeDef]":
    return [_filter(f"tag:{key}", value) for key, value in tags.items()]


def _filter(name: str, *values: str) -> "FilterTypeDef":
    return {"Name": name, "Values": list(values)}
