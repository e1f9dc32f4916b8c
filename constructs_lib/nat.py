"""A NAT gateway, through which hosts without a public address reach the internet."""

from collections.abc import Sequence

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.eip import Eip
from cdktf_cdktf_provider_aws.nat_gateway import NatGateway
from constructs import Construct


class Nat(Construct):
    """A NAT gateway with an Elastic IP address.

    name: the tag ``Name`` of the gateway and of its address.
    subnet_id: the public subnet that holds it.
    after: what must exist first: the internet gateway.

    A gateway that is removed is destroyed only after the routes to it have changed.

    >>> nat = Nat(stack, "nat", name="my-app-0", subnet_id="subnet-1", after=[])
    """

    def __init__(
        self, scope: Construct, id: str, *, name: str, subnet_id: str, after: Sequence[ITerraformDependable]
    ) -> None:
        super().__init__(scope, id)
        last = TerraformResourceLifecycle(create_before_destroy=True)
        self.eip = Eip(
            self, "address", domain="vpc", tags={"Name": name}, depends_on=list(after), lifecycle=last
        )
        self.resource = NatGateway(
            self,
            "gateway",
            allocation_id=self.eip.allocation_id,
            subnet_id=subnet_id,
            tags={"Name": name},
            depends_on=list(after),
            lifecycle=last,
        )
        self.id = self.resource.id
