"""A network over several zones: public subnets for load balancers, private ones for hosts."""

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from constructs_lib.flow_logs import FlowLogs
from constructs_lib.log_group import LogGroup
from constructs_lib.subnets import MAX_ZONES, divide

from cdktf import ITerraformDependable, Postcondition, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.data_aws_availability_zones import (
    DataAwsAvailabilityZones,
    DataAwsAvailabilityZonesFilter,
)
from cdktf_cdktf_provider_aws.default_security_group import DefaultSecurityGroup
from cdktf_cdktf_provider_aws.eip import Eip
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.nat_gateway import NatGateway
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.subnet import Subnet
from cdktf_cdktf_provider_aws.vpc import Vpc
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct

ANYWHERE = "0.0.0.0/0"


class Network(Construct):
    """A VPC whose hosts reach out through NAT gateways and are reached through a load balancer only.

    name: what the tags ``Name`` begin with.
    cidr: the IPv4 range, /16 to /24; see ``subnets.divide``.
    zones: the zones of the hosts: how many (1 to 4), the first that the account has; or their
        names. Public subnets span two zones even if hosts run in one: a load balancer wants two.
    nat: one gateway for all (``single``), or one in each zone, so that the loss of a zone takes
        only that zone's way out with it (``per_zone``).
    log_group: where flow logs of all traffic go.
    flow_log_role_name: the role that delivers them; at most 64 characters.

    S3 is reached through a gateway endpoint, which costs nothing; NAT gateways charge by the byte.
    Its policy is AWS's own, which allows all: packages, agents and image layers come from buckets
    of AWS's, and a list of those would be wrong before long.

    Raises ValueError for a number of zones that is not 1 to 4, or a range that is no network.

    >>> from constructs_lib.key import Key
    >>> from constructs_lib.log_group import LogGroup
    >>> key = Key(stack, "key", description="Logs.", alias="alias/logs", account="123456789012")
    >>> network = Network(stack, "network", name="my-app", cidr="10.20.0.0/16", zones=2, nat="single",
    ...     log_group=LogGroup(stack, "flow-log", name="/my-app/flow-logs", key=key),
    ...     flow_log_role_name="my-app-flow-logs", account="123456789012", region="eu-central-1")
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        cidr: str,
        zones: int | Sequence[str],
        nat: Literal["single", "per_zone"],
        log_group: LogGroup,
        flow_log_role_name: str,
        account: str,
        region: str,
    ) -> None:
        super().__init__(scope, id)
        count = zones if isinstance(zones, int) else len(zones)
        if not 1 <= count <= MAX_ZONES:
            raise ValueError(f"hosts run in 1 to {MAX_ZONES} zones, received {zones!r}")
        self.name = name
        self.cidr = cidr
        self._blocks = divide(cidr)
        self._zones = zones
        self.vpc = Vpc(
            self,
            "vpc",
            cidr_block=cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": name},
        )
        self.vpc_id = self.vpc.id
        self.default_security_group = DefaultSecurityGroup(
            self,
            "default-security-group",
            vpc_id=self.vpc_id,
            ingress=[],
            egress=[],
            tags={"Name": f"{name}-locked"},
        )
        self._connect_public(count)
        self._connect_private(count, nat)
        self.s3_endpoint = VpcEndpoint(
            self,
            "s3-endpoint",
            vpc_id=self.vpc_id,
            service_name=f"com.amazonaws.{region}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=[table.id for table in self.private_route_tables],
            tags={"Name": f"{name}-s3"},
        )
        self.flow_logs = FlowLogs(
            self,
            "flow-logs",
            vpc_id=self.vpc_id,
            log_group=log_group,
            role_name=flow_log_role_name,
            account=account,
            region=region,
        )

    @property
    def public_subnet_ids(self) -> list[str]:
        """The subnets of load balancers, in two zones at least."""
        return [subnet.id for subnet in self.public_subnets]

    @property
    def private_subnet_ids(self) -> list[str]:
        """The subnets of hosts, one in each zone."""
        return [subnet.id for subnet in self.private_subnets]

    @property
    def nat_addresses(self) -> list[str]:
        """The public IPv4 addresses that the hosts' connections come from."""
        return [address.public_ip for address in self.nat_eips]

    @property
    def way_out(self) -> list[ITerraformDependable]:
        """For ``depends_on`` of whatever needs the internet, or S3, the moment it starts."""
        return [*self.public_routes, *self.private_routes, *self.associations, self.s3_endpoint]

    @cached_property
    def zones_of_account(self) -> DataAwsAvailabilityZones:
        """The account's zones in the order of their names, without those that one opts in to.

        Impaired zones too: a plan made on a zone's bad day must not move subnets.
        """
        needed = max(self._zones, 2) if isinstance(self._zones, int) else 2
        return DataAwsAvailabilityZones(
            self,
            "zones",
            filter=[DataAwsAvailabilityZonesFilter(name="opt-in-status", values=["opt-in-not-required"])],
            lifecycle=TerraformResourceLifecycle(postcondition=[_at_least(needed)]),
        )

    def _zone(self, index: int) -> str:
        if isinstance(self._zones, int):
            return f"${{{self.zones_of_account.fqn}.names[{index}]}}"
        return self._zones[index]

    def _connect_public(self, count: int) -> None:
        self.associations: list[RouteTableAssociation] = []
        self.internet_gateway = InternetGateway(
            self, "internet-gateway", vpc_id=self.vpc_id, tags={"Name": self.name}
        )
        self.public_route_table = self._route_table("public")
        self.public_routes = [
            Route(
                self,
                "public-way-out",
                route_table_id=self.public_route_table.id,
                destination_cidr_block=ANYWHERE,
                gateway_id=self.internet_gateway.id,
            )
        ]
        self.public_subnets = [
            self._subnet(
                f"public-{index}", self._blocks.public[index], self._zone(index), self.public_route_table
            )
            for index in range(count if isinstance(self._zones, Sequence) else max(count, 2))
        ]
        if len(self.public_subnets) < 2:
            self.public_subnets.append(self._spare_public_subnet())

    def _spare_public_subnet(self) -> Subnet:
        """A second public subnet, in the first zone that is not the one named.

        In the last block, for the day on which a second zone is named: that gets the second block.
        """
        others = f'setsubtract({self.zones_of_account.fqn}.names, ["{self._zone(0)}"])'
        return self._subnet(
            "public-spare", self._blocks.public[-1], f"${{sort({others})[0]}}", self.public_route_table
        )

    def _connect_private(self, count: int, nat: Literal["single", "per_zone"]) -> None:
        self.nat_eips: list[Eip] = []
        self.nat_gateways = [self._nat_gateway(index) for index in range(count if nat == "per_zone" else 1)]
        self.private_route_tables: list[RouteTable] = []
        self.private_routes: list[Route] = []
        self.private_subnets: list[Subnet] = []
        for index in range(count):
            table = self._route_table(f"private-{index}")
            route = Route(
                self,
                f"private-{index}-way-out",
                route_table_id=table.id,
                destination_cidr_block=ANYWHERE,
                nat_gateway_id=self.nat_gateways[index if nat == "per_zone" else 0].id,
            )
            subnet = self._subnet(f"private-{index}", self._blocks.private[index], self._zone(index), table)
            self.private_route_tables.append(table)
            self.private_routes.append(route)
            self.private_subnets.append(subnet)

    def _nat_gateway(self, index: int) -> NatGateway:
        tags = {"Name": f"{self.name}-{index}"}
        address = Eip(
            self, f"nat-{index}-address", domain="vpc", tags=tags, depends_on=[self.internet_gateway]
        )
        self.nat_eips.append(address)
        return NatGateway(
            self,
            f"nat-{index}",
            allocation_id=address.allocation_id,
            subnet_id=self.public_subnets[index].id,
            tags=tags,
            depends_on=[self.internet_gateway],
        )

    def _route_table(self, what: str) -> RouteTable:
        return RouteTable(self, f"{what}-routes", vpc_id=self.vpc_id, tags={"Name": f"{self.name}-{what}"})

    def _subnet(self, what: str, cidr: str, zone: str, table: RouteTable) -> Subnet:
        subnet = Subnet(
            self,
            what,
            vpc_id=self.vpc_id,
            cidr_block=cidr,
            availability_zone=zone,
            map_public_ip_on_launch=False,
            tags={"Name": f"{self.name}-{what}"},
            # A subnet can go only after the load balancer and the hosts have left it.
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        self.associations.append(
            RouteTableAssociation(self, f"{what}-association", subnet_id=subnet.id, route_table_id=table.id)
        )
        return subnet


def _at_least(zones: int) -> Postcondition:
    return Postcondition(
        condition=f"${{length(self.names) >= {zones}}}",
        error_message=f'{zones} zones are needed, and there are ${{join(", ", self.names)}}: use fewer.',
    )
