"""Searches in an emulated account: planned resources as JSON, and what is found of them."""

from collections.abc import Mapping
from typing import Any

from slipway.adopt.search import Candidate, Search
from slipway.adopt.stack import PlannedStack
from slipway.aws.clients import Aws
from slipway.aws.existing.wanted import Reader

Planned = Mapping[str, Mapping[str, Any]]

NETWORK: dict[str, Any] = {
    "aws_vpc": {"net": {"cidr_block": "10.1.0.0/16", "tags": {"Name": "my-app-prod"}}},
    "aws_subnet": {"a": {"vpc_id": "${aws_vpc.net.id}", "cidr_block": "10.1.0.0/24"}},
    "aws_route_table": {"a": {"vpc_id": "${aws_vpc.net.id}", "tags": {"Name": "my-app-prod-a"}}},
    "aws_route_table_association": {
        "a": {"subnet_id": "${aws_subnet.a.id}", "route_table_id": "${aws_route_table.a.id}"}
    },
    "aws_default_security_group": {"none": {"vpc_id": "${aws_vpc.net.id}"}},
}


def searched(
    aws: Aws, planned: Planned, written: Mapping[str, str] | None = None, **blocks: object
) -> dict[str, Candidate]:
    """What is found of planned resources, by address. blocks: others of the stack, such as data."""
    search = Search(Reader(aws), {}, written or {})
    stack = PlannedStack({"resource": planned, **blocks}, search.find)
    return {candidate.address: candidate for candidate in search.all(stack)}


def only(aws: Aws, planned: Planned, **blocks: object) -> Candidate:
    """What is found of the first resource."""
    return next(iter(searched(aws, planned, None, **blocks).values()))


def vpc(aws: Aws, name: str = "my-app-prod") -> str:
    """Make a VPC with a name; its id."""
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": name}]}]
    made = aws.ec2.create_vpc(CidrBlock="10.1.0.0/16", TagSpecifications=tags)  # type: ignore[arg-type]
    return str(made["Vpc"]["VpcId"])
