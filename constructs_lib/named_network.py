"""A network that exists: its subnets are looked up and used; nothing in it is created, changed or deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from constructs_lib.lookup import LookupCondition, postcondition
from constructs_lib.security_group import SecurityGroup

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.data_aws_subnet import DataAwsSubnet
from cdktf_cdktf_provider_aws.data_aws_subnets import DataAwsSubnets, DataAwsSubnetsFilter
from cdktf_cdktf_provider_aws.data_aws_vpc import DataAwsVpc
from constructs import Construct


@dataclass(frozen=True)
class SubnetLookup:
    """Which subnets of a VPC: by their ids, or by their tags.

    ids: the subnets' ids. Default: none; they are looked up by ``tags``.
    tags: tags that exactly these subnets of the VPC have. Default: none.
    count: with ``tags``, how many subnets have them; a plan fails if it is another number, because a plan
        could not say then what changes. Default: 2.
    """

    ids: Sequence[str] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    count: int = 2


class NamedNetwork(Construct):
    """A VPC that exists, used as ``Network`` is; a plan fails if it or a subnet is not there.

    private: the subnets of hosts. They need a route to the internet, or endpoints for what hosts call.
    public: the subnets of the load balancer, in two zones at least, with a route to an internet gateway.
        Default: none; then the load balancer exists too.
    vpc_id: the VPC's id. Default: none; it is looked up by ``vpc_tags``.
    vpc_tags: tags that exactly this VPC of the account and region has. Default: none.

    Raises ValueError unless the VPC and both kinds of subnets are each given by ids or by tags, not by both.

    >>> network = NamedNetwork(stack, "network", vpc_id="vpc-0123456789abcdef0",
    ...     private=SubnetLookup(tags={"tier": "private"}), public=SubnetLookup(tags={"tier": "public"}))
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        private: SubnetLookup,
        public: SubnetLookup | None = None,
        vpc_id: str | None = None,
        vpc_tags: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id)
        if bool(vpc_id) == bool(vpc_tags):
            raise ValueError("a VPC is found by its id or by its tags; give exactly one of them")
        self.vpc = DataAwsVpc(
            self,
            "vpc",
            id=vpc_id or None,
            tags=dict(vpc_tags) if vpc_tags else None,
            state="available",
            lifecycle=postcondition(
                LookupCondition(
                    "self.enable_dns_support",
                    "The VPC ${self.id} does not resolve names, so hosts could find neither AWS's services"
                    " nor the image registry. Set its attribute enableDnsSupport.",
                )
            ),
        )
        self.vpc_id = self.vpc.id
        self.vpc_reference = f"{self.vpc.fqn}.id"
        self._private = self._subnets("private", private)
        self._public = self._subnets("public", public, zones=2) if public else []

    @property
    def public_subnet_ids(self) -> list[str]:
        """The subnets of load balancers, in two zones at least; none if ``public`` is not given."""
        return [subnet.id for subnet in self._public]

    @property
    def private_subnet_ids(self) -> list[str]:
        """The subnets of hosts."""
        return [subnet.id for subnet in self._private]

    @property
    def private_subnet_arns(self) -> list[str]:
        """The same, as IAM names them."""
        return [subnet.arn for subnet in self._private]

    @property
    def internet_routes(self) -> list[ITerraformDependable]:
        """None to wait for: they exist already."""
        return []

    @property
    def way_out(self) -> list[ITerraformDependable]:
        """None to wait for, as above."""
        return []

    def let_out(self, group: SecurityGroup) -> None:
        """Allow members of a security group HTTPS to any address, as far as the network has routes there."""
        group.allow_to_range(443, "0.0.0.0/0")

    def _subnets(self, kind: str, lookup: SubnetLookup, zones: int = 1) -> list[DataAwsSubnet]:
        """Look up each subnet; a plan fails if one is in another VPC, or if all are in too few zones."""
        if bool(lookup.ids) == bool(lookup.tags):
            raise ValueError(
                f"{kind} subnets are found by their ids or by their tags; give exactly one of them"
            )
        found: list[DataAwsSubnet] = []
        ids = list(lookup.ids) or self._tagged(kind, lookup)
        for index, subnet_id in enumerate(ids):
            is_last = index == len(ids) - 1
            conditions = [_same_vpc(self.vpc_reference)]
            if is_last and zones > 1:
                conditions.append(_in_zones(kind, zones, found))
            found.append(
                DataAwsSubnet(self, f"{kind}-{index}", id=subnet_id, lifecycle=postcondition(*conditions))
            )
        return found

    def _tagged(self, kind: str, lookup: SubnetLookup) -> list[str]:
        """The ids of the subnets with these tags, in an order that stays the same."""
        data = DataAwsSubnets(
            self,
            f"{kind}-subnets",
            filter=[DataAwsSubnetsFilter(name="vpc-id", values=[self.vpc_id])],
            tags=dict(lookup.tags),
            lifecycle=postcondition(
                LookupCondition(
                    f"length(self.ids) == {lookup.count}",
                    f"{lookup.count} {kind} subnets are expected, and ${{length(self.ids)}} have these tags."
                    " Correct the tags, or the number of zones.",
                )
            ),
        )
        return [f"${{sort({data.fqn}.ids)[{index}]}}" for index in range(lookup.count)]


def _same_vpc(vpc: str) -> LookupCondition:
    return LookupCondition(
        f"self.vpc_id == {vpc}",
        f"The subnet ${{self.id}} is in ${{self.vpc_id}}, but the environment's VPC is ${{{vpc}}}. Name a"
        " subnet of that VPC.",
    )


def _in_zones(kind: str, zones: int, others: Sequence[DataAwsSubnet]) -> LookupCondition:
    """At least so many Availability Zones among a subnet and others."""
    names = [*(f"{subnet.fqn}.availability_zone" for subnet in others), "self.availability_zone"]
    return LookupCondition(
        f"length(distinct([{', '.join(names)}])) >= {zones}",
        f"The {kind} subnets are in fewer than {zones} Availability Zones, which a load balancer needs. Give"
        " another subnet.",
    )
