"""A network over several zones: public subnets for load balancers, private ones for hosts."""

from collections.abc import Sequence
from typing import Literal

from constructs_lib.address_plan import AddressPlan, plan
from constructs_lib.endpoints import HTTPS, Endpoints, NoNat
from constructs_lib.flow_logs import FlowLogs
from constructs_lib.log_group import LogGroup
from constructs_lib.nat import Nat
from constructs_lib.place import place_of
from constructs_lib.policy import document
from constructs_lib.private_zone import PrivateZone
from constructs_lib.security_group import SecurityGroup
from constructs_lib.subnet import Subnet
from constructs_lib.zones import Zones

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.default_security_group import DefaultSecurityGroup
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.vpc import Vpc
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct


class Network(Construct):
    """A VPC with public subnets for load balancers and private subnets for hosts.

    name: the prefix of the tags ``Name``.
    cidr: the IPv4 range, /16 to /24; see ``address_plan.plan``.
    zones: the Availability Zones of the hosts: their number (1 to 4, the account's first zones) or their
        names. Public subnets always span two zones, because a load balancer needs two.
    nat: ``single``: one NAT gateway for all zones; ``per_zone``: one in every zone, so that the loss of
        a zone does not cut off the others; ``NoNat``: none, and no route to the internet. Hosts then reach
        only the services and buckets that it names.
    log_group: receives the flow logs of all traffic.
    flow_log_role_name: the name of the role that delivers them; at most 64 characters.

    S3 is reached through a gateway endpoint, which is free, whereas NAT gateways charge by the byte. The
    endpoint has AWS's default policy, which allows everything: packages, agents and image layers come
    from buckets of AWS, and a list of them would soon be outdated. ``NoNat`` can give another policy.

    Raises ValueError if the number of zones is not 1 to 4, or ``cidr`` is not a network.

    >>> key = Key(stack, "key", description="Logs.", alias="alias/logs")
    >>> network = Network(stack, "network", name="my-app", cidr="10.20.0.0/16", zones=2, nat="single",
    ...     log_group=LogGroup(stack, "flow-log", name="/my-app/flow-logs", key=key),
    ...     flow_log_role_name="my-app-flow-logs")
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        cidr: str,
        zones: int | Sequence[str],
        nat: Literal["single", "per_zone"] | NoNat,
        log_group: LogGroup,
        flow_log_role_name: str,
    ) -> None:
        super().__init__(scope, id)
        self.place = place_of(scope)
        self.name = name
        self.cidr = cidr
        self.zones = Zones(self, zones)
        addresses = plan(cidr)
        self._make_vpc()
        self._make_public_side(addresses)
        self._make_private_side(addresses, nat)
        self.s3_endpoint = VpcEndpoint(
            self,
            "s3-endpoint",
            vpc_id=self.vpc_id,
            service_name=f"com.amazonaws.{self.place.region}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=[zone.route_table_id for zone in self.private_zones],
            policy=document(*nat.buckets) if isinstance(nat, NoNat) and nat.buckets else None,
            tags={"Name": f"{name}-s3"},
        )
        self.endpoints = (
            Endpoints(
                self,
                "endpoints",
                name=name,
                vpc_id=self.vpc_id,
                subnet_ids=self.private_subnet_ids,
                services=nat.services,
            )
            if isinstance(nat, NoNat)
            else None
        )
        self._rules: list[ITerraformDependable] = []
        self.flow_logs = FlowLogs(
            self,
            "flow-logs",
            vpc_id=self.vpc_id,
            log_group=log_group,
            role_name=flow_log_role_name,
        )

    @property
    def public_subnet_ids(self) -> list[str]:
        """The ids of the subnets for load balancers, in at least two zones."""
        return [subnet.id for subnet in self.public_subnets]

    @property
    def private_subnet_ids(self) -> list[str]:
        """The ids of the subnets for hosts, one per zone."""
        return [zone.subnet.id for zone in self.private_zones]

    @property
    def private_subnet_arns(self) -> list[str]:
        """The ARNs of the subnets for hosts."""
        return [zone.subnet.arn for zone in self.private_zones]

    @property
    def internet_routes(self) -> list[ITerraformDependable]:
        """For ``depends_on`` of load balancers with public addresses."""
        return [self.public_way_out]

    @property
    def way_out(self) -> list[ITerraformDependable]:
        """Routes and endpoints for the ``depends_on`` of hosts, which download packages at their start."""
        routes = [self.public_way_out, *(zone.way_out for zone in self.private_zones if zone.way_out)]
        subnets = [*self.public_subnets, *(zone.subnet for zone in self.private_zones)]
        ready = self.endpoints.ready if self.endpoints else []
        return [*routes, *(subnet.association for subnet in subnets), self.s3_endpoint, *ready, *self._rules]

    def let_out(self, group: SecurityGroup) -> None:
        """Allow members of a security group HTTPS: to any address, or to no more than the endpoints."""
        if self.endpoints is None:
            group.allow_to_range(HTTPS, "0.0.0.0/0")
            return
        self.endpoints.let_in(group)
        self._rules.append(group.allow_to_prefix_list(HTTPS, "s3", self.s3_endpoint.prefix_list_id))

    def _make_vpc(self) -> None:
        self.vpc = Vpc(
            self,
            "vpc",
            cidr_block=self.cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": self.name},
        )
        self.vpc_id = self.vpc.id
        self.default_security_group = DefaultSecurityGroup(
            self,
            "default-security-group",
            vpc_id=self.vpc_id,
            ingress=[],
            egress=[],
            tags={"Name": f"{self.name}-locked"},
        )

    def _make_public_side(self, addresses: AddressPlan) -> None:
        self.internet_gateway = InternetGateway(
            self, "internet-gateway", vpc_id=self.vpc_id, tags={"Name": self.name}
        )
        self.public_route_table = RouteTable(
            self, "public-route-table", vpc_id=self.vpc_id, tags={"Name": f"{self.name}-public"}
        )
        self._public_route_table_id = self.public_route_table.id
        self.public_way_out = Route(
            self,
            "public-way-out",
            route_table_id=self._public_route_table_id,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=self.internet_gateway.id,
        )
        count = self.zones.count if self.zones.named else max(self.zones.count, 2)
        self.public_subnets = [
            self._public_subnet(str(index), addresses.public[index], self.zones[index])
            for index in range(count)
        ]
        if count == 1:
            # In the last block: the second is reserved for a second zone of the hosts.
            another = self.zones.other_than(self.zones[0])
            self.public_subnets.append(self._public_subnet("spare", addresses.public[-1], another))

    def _public_subnet(self, which: str, cidr: str, zone: str) -> Subnet:
        return Subnet(
            self,
            f"public-{which}",
            name=f"{self.name}-public-{which}",
            vpc_id=self.vpc_id,
            cidr=cidr,
            zone=zone,
            route_table_id=self._public_route_table_id,
        )

    def _make_private_side(self, addresses: AddressPlan, nat: Literal["single", "per_zone"] | NoNat) -> None:
        gateways = 0 if isinstance(nat, NoNat) else self.zones.count if nat == "per_zone" else 1
        self.nats = [
            Nat(
                self,
                f"nat-{index}",
                name=f"{self.name}-{index}",
                subnet_id=self.public_subnets[index].id,
                after=[self.internet_gateway],
            )
            for index in range(gateways)
        ]
        self.private_zones = [
            PrivateZone(
                self,
                f"private-{index}",
                name=f"{self.name}-private-{index}",
                vpc_id=self.vpc_id,
                cidr=addresses.private[index],
                zone=self.zones[index],
                nat_gateway_id=self.nats[index % gateways].id if gateways else None,
            )
            for index in range(self.zones.count)
        ]
