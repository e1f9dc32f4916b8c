"""The private subnet of a network in one zone, with its route table."""

from constructs_lib.subnet import Subnet

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table import RouteTable
from constructs import Construct


class PrivateZone(Construct):
    """A subnet with its own route table, whose default route leads to a NAT gateway, if there is one.

    With a route table per zone, a changed number of NAT gateways changes routes but no subnet.

    name: the tag ``Name`` of subnet and route table.
    vpc_id: the VPC of both.
    cidr: the subnet's IPv4 range.
    zone: the subnet's Availability Zone, such as ``eu-central-1a``.
    nat_gateway_id: the target of the default route. None: there is no default route.

    >>> zone = PrivateZone(stack, "private-0", name="my-app-private-0", vpc_id="vpc-1",
    ...     cidr="10.20.128.0/19", zone="eu-central-1a", nat_gateway_id="nat-1")
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        vpc_id: str,
        cidr: str,
        zone: str,
        nat_gateway_id: str | None,
    ) -> None:
        super().__init__(scope, id)
        self.route_table = RouteTable(
            self,
            "route-table",
            vpc_id=vpc_id,
            tags={"Name": name},
            # The route table can be deleted only after it is removed from the S3 endpoint.
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        self.route_table_id = self.route_table.id
        self.way_out = (
            Route(
                self,
                "way-out",
                route_table_id=self.route_table_id,
                destination_cidr_block="0.0.0.0/0",
                nat_gateway_id=nat_gateway_id,
            )
            if nat_gateway_id
            else None
        )
        self.subnet = Subnet(
            self,
            "private",
            name=name,
            vpc_id=vpc_id,
            cidr=cidr,
            zone=zone,
            route_table_id=self.route_table_id,
        )
