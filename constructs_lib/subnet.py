"""A subnet and its association with a route table."""

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.subnet import Subnet as AwsSubnet
from constructs import Construct


class Subnet(Construct):
    """A subnet in one zone; instances in it get no public address automatically.

    A subnet that is removed is destroyed only after load balancer and hosts have moved out of it.

    name: the tag ``Name``.
    vpc_id: the VPC that it belongs to.
    cidr: its IPv4 range.
    zone: its Availability Zone, such as ``eu-central-1a``.
    route_table_id: the route table that it is associated with.

    >>> subnet = Subnet(stack, "public-0", name="my-app-public-0", vpc_id="vpc-1", cidr="10.20.0.0/19",
    ...     zone="eu-central-1a", route_table_id="rtb-1")
    """

    def __init__(
        self, scope: Construct, id: str, *, name: str, vpc_id: str, cidr: str, zone: str, route_table_id: str
    ) -> None:
        super().__init__(scope, id)
        self.resource = AwsSubnet(
            self,
            "subnet",
            vpc_id=vpc_id,
            cidr_block=cidr,
            availability_zone=zone,
            map_public_ip_on_launch=False,
            tags={"Name": name},
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        self.id = self.resource.id
        self.arn = self.resource.arn
        self.association = RouteTableAssociation(
            self, "association", subnet_id=self.id, route_table_id=route_table_id
        )
