"""What exists of a network: found by its VPC, and by what AWS lets exist only once in it."""

from collections.abc import Iterator
from typing import Any

from slipway.aws.existing.wanted import AbsentError, Answer, Existing, Reader, Wanted, named_by


def vpc(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """VPCs with the planned tag Name."""
    name = wanted.text("tags.Name")
    for found in _described(read, "DescribeVpcs", "Vpcs", ("tag:Name", name)):
        yield Existing(found["VpcId"])


def subnet(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The subnet of the VPC that has the planned CIDR."""
    of_vpc, cidr = ("vpc-id", wanted.text("vpc_id")), ("cidr-block", wanted.text("cidr_block"))
    for found in _described(read, "DescribeSubnets", "Subnets", of_vpc, cidr):
        yield Existing(found["SubnetId"], {"arn": found.get("SubnetArn", "")})


def internet_gateway(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The gateway that is attached to the VPC; AWS allows one."""
    attached = ("attachment.vpc-id", wanted.text("vpc_id"))
    for found in _described(read, "DescribeInternetGateways", "InternetGateways", attached):
        yield Existing(found["InternetGatewayId"])


def route_table(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The route table of the first planned subnet that has one of its own; else the one with the tag Name."""
    tables = _route_tables(read, wanted.text("vpc_id"))
    for association in wanted.referring("aws_route_table_association", "route_table_id"):
        subnet_id = _or_nothing(association, "subnet_id")
        for found in tables:
            if subnet_id and _association(found, subnet_id):
                yield Existing(found["RouteTableId"])
                return
    for found in tables:
        if _tag(found, "Name") == wanted.maybe("tags.Name"):
            yield Existing(found["RouteTableId"])


def association(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The subnet's association with any route table: AWS allows one, and Terraform can change its table."""
    subnet_id = wanted.text("subnet_id")
    for found in _described(read, "DescribeRouteTables", "RouteTables", ("association.subnet-id", subnet_id)):
        associated = _association(found, subnet_id)
        yield Existing(f"{subnet_id}/{found['RouteTableId']}", {"id": associated})


def route(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The route table's route to the planned range."""
    table, cidr = wanted.text("route_table_id"), wanted.text("destination_cidr_block")
    for found in _described(read, "DescribeRouteTables", "RouteTables", ("route-table-id", table)):
        if any(entry.get("DestinationCidrBlock") == cidr for entry in found.get("Routes", ())):
            yield Existing(f"{table}_{cidr}")


def nat_gateway(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The NAT gateways in the subnet that are not deleted."""
    for found in _nat_gateways(read, wanted):
        yield Existing(found["NatGatewayId"])


def address(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The Elastic IP address of the NAT gateway that is planned with it; else the one with the tag Name."""
    for gateway in wanted.referring("aws_nat_gateway", "allocation_id"):
        if _or_nothing(gateway, "subnet_id"):
            for found in _nat_gateways(read, gateway):
                for used in found.get("NatGatewayAddresses", ())[:1]:
                    yield Existing(used["AllocationId"])
                    return
    if name := wanted.maybe("tags.Name"):
        for found in _described(read, "DescribeAddresses", "Addresses", ("tag:Name", name)):
            yield Existing(found["AllocationId"])


def endpoint(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The VPC's endpoints for the service."""
    of_vpc, service = ("vpc-id", wanted.text("vpc_id")), ("service-name", wanted.text("service_name"))
    for found in _described(read, "DescribeVpcEndpoints", "VpcEndpoints", of_vpc, service):
        if found.get("State", "").lower() not in ("deleting", "deleted"):
            yield Existing(found["VpcEndpointId"], _prefix_list(read, found))


def flow_log(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The VPC's flow logs with the planned destination; the filters of this call have another name."""
    filters = [{"Name": "resource-id", "Values": [wanted.text("vpc_id")]}]
    for found in read.all("ec2", "DescribeFlowLogs", "FlowLogs", Filter=filters):
        if _same_destination(found, wanted):
            yield Existing(found["FlowLogId"])


def security_group(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The VPC's security groups with the planned name, or with a name that begins with the planned prefix."""
    of_vpc = ("vpc-id", wanted.text("vpc_id"))
    for found in _described(read, "DescribeSecurityGroups", "SecurityGroups", of_vpc):
        if (differs := named_by(wanted, found["GroupName"])) is not None:
            yield Existing(found["GroupId"], differs=differs)


def named_security_group(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The VPC's security groups with the tag Name of a lookup."""
    of_vpc, name = ("vpc-id", wanted.text("vpc_id")), ("tag:Name", wanted.text("tags.Name"))
    for found in _described(read, "DescribeSecurityGroups", "SecurityGroups", of_vpc, name):
        yield Existing(found["GroupId"])


def default_security_group(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The VPC's default security group, which always exists."""
    of_vpc, default = ("vpc-id", wanted.text("vpc_id")), ("group-name", "default")
    for found in _described(read, "DescribeSecurityGroups", "SecurityGroups", of_vpc, default):
        yield Existing(found["GroupId"])


def ingress_rule(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The security group's rule with the planned peer, protocol and ports."""
    return _rules(read, wanted, outgoing=False)


def egress_rule(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """As ``ingress_rule``, for outgoing connections."""
    return _rules(read, wanted, outgoing=True)


def _rules(read: Reader, wanted: Wanted, *, outgoing: bool) -> Iterator[Existing]:
    group = ("group-id", wanted.text("security_group_id"))
    planned = {
        "IsEgress": outgoing,
        "IpProtocol": wanted.text("ip_protocol"),
        "FromPort": wanted.maybe("from_port"),
        "ToPort": wanted.maybe("to_port"),
        "CidrIpv4": wanted.maybe("cidr_ipv4"),
        "CidrIpv6": wanted.maybe("cidr_ipv6"),
        "PrefixListId": wanted.maybe("prefix_list_id"),
        "Peer": wanted.maybe("referenced_security_group_id"),
    }
    for found in _described(read, "DescribeSecurityGroupRules", "SecurityGroupRules", group):
        if _rule(found) == planned:
            yield Existing(found["SecurityGroupRuleId"])


def _rule(found: Answer) -> dict[str, Any]:
    every = found["IpProtocol"] == "-1"  # EC2 has the ports -1 then, Terraform none
    ports = {end: "" if every else str(found.get(end, "")) for end in ("FromPort", "ToPort")}
    peer = found.get("ReferencedGroupInfo", {}).get("GroupId", "")
    texts = {key: found.get(key, "") for key in ("IpProtocol", "CidrIpv4", "CidrIpv6", "PrefixListId")}
    return {"IsEgress": found["IsEgress"], "Peer": peer, **texts, **ports}


def _same_destination(found: Answer, wanted: Wanted) -> bool:
    """Whether a flow log has the planned log group or bucket; ARNs of log groups may end with ``:*``."""
    destination = found.get("LogDestination") or ""
    group = found.get("LogGroupName") or destination.partition(":log-group:")[2].removesuffix(":*")
    planned = wanted.text("log_destination").removesuffix(":*")
    return planned in (destination.removesuffix(":*"), group) or planned.endswith(f":log-group:{group}")


def _prefix_list(read: Reader, found: Answer) -> dict[str, str]:
    """The id of the prefix list of a gateway endpoint's service, to which rules of security groups refer."""
    if found.get("VpcEndpointType") != "Gateway":
        return {}
    service = ("prefix-list-name", found["ServiceName"])
    listed = _described(read, "DescribePrefixLists", "PrefixLists", service)
    return {"prefix_list_id": listed[0]["PrefixListId"]} if listed else {}


def _nat_gateways(read: Reader, wanted: Wanted) -> list[Answer]:
    filters = [{"Name": "subnet-id", "Values": [wanted.text("subnet_id")]}]
    every = read.all("ec2", "DescribeNatGateways", "NatGateways", Filter=filters)
    return [found for found in every if found["State"] in ("available", "pending")]


def _route_tables(read: Reader, vpc_id: str) -> list[Answer]:
    return _described(read, "DescribeRouteTables", "RouteTables", ("vpc-id", vpc_id))


def _association(table: Answer, subnet_id: str) -> str:
    """The id of a route table's association with a subnet; "" if it has none."""
    made = (entry for entry in table.get("Associations", ()) if entry.get("SubnetId") == subnet_id)
    return next((str(entry["RouteTableAssociationId"]) for entry in made), "")


def _or_nothing(wanted: Wanted, argument: str) -> str:
    """An argument; "" if what it refers to does not exist."""
    try:
        return wanted.maybe(argument)
    except AbsentError:
        return ""


def _tag(found: Answer, key: str) -> str:
    return next((str(tag["Value"]) for tag in found.get("Tags", ()) if tag["Key"] == key), "")


def _described(read: Reader, operation: str, key: str, *filters: tuple[str, str]) -> list[Answer]:
    given = [{"Name": name, "Values": [value]} for name, value in filters]
    return read.all("ec2", operation, key, Filters=given)
