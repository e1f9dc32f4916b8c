"""The networks of a pipeline, from what is synthesised: who stands where, and what each door lets through.

What the evaluation does not understand it refuses, so that nothing passes unseen: a resource of a type that
no list here names, a route to anything but the two gateways, a rule for anything but IPv4 and TCP.

Of a network that exists, the stacks know only the ids. Its private subnets are taken to have a route to a NAT
gateway, its public ones to the internet, as pipeline.toml requires; their addresses are unknown.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network

from modules.config.settings import Environment, ExistingLoadBalancer
from tests.security.network.types import NETWORK, WITHOUT_NETWORK
from tests.synthesis import Resource, Synthesised

INTERNET = IPv4Network("0.0.0.0/0")


class NotUnderstood(Exception):
    """Something that may let traffic through, and that the evaluation knows nothing of."""


@dataclass(frozen=True)
class Door:
    """A rule of a security group: TCP ports, to or from a range or whatever has another group."""

    ports: range
    peer: IPv4Network | str
    """A range, or the reference of a group, or of the prefix list of S3's endpoint."""


@dataclass(frozen=True)
class Place:
    """Something with addresses in a network, or a way to it: hosts, endpoints, a team's own database."""

    name: str
    environment: str
    vpc: str
    addresses: tuple[IPv4Network, ...]
    subnets: tuple[str, ...]
    groups: tuple[str, ...]
    public: bool
    ingress: tuple[Door, ...]
    egress: tuple[Door, ...]
    existing: bool = False
    """Whether it, or its network, is only looked up."""


class Networks:
    """Every place of a pipeline, and which subnets lead where."""

    def __init__(self, synthesised: Synthesised) -> None:
        """Read everything once; raises NotUnderstood for what could lead past the evaluation."""
        self.synthesised = synthesised
        self._by_reference = {
            (resource.stack, resource.reference.removeprefix("${").rstrip(".")): resource
            for resource in (*synthesised.resources(), *synthesised.looked_up())
        }
        for resource in synthesised.resources():
            _understand(resource)
        places = [
            *self._load_balancers(),
            *self._hosts(),
            *self._commands(),
            *self._databases(),
            *self._endpoints(),
            *self._buckets(),
        ]
        self.places = [*places, *self._existing_load_balancers(places)]

    def ways_out(self, place: Place) -> set[str]:
        """Where the subnets of a place lead beyond their network: ``internet``, ``nat``."""
        return {way for subnet in place.subnets for way in self._ways(place.environment, subnet)}

    def resolve(self, stack: str, reference: str) -> Resource:
        """The resource that an expression such as ``${aws_subnet.a.id}`` refers to."""
        return self._by_reference[stack, reference.removeprefix("${").removesuffix("}").rpartition(".")[0]]

    def _load_balancers(self) -> Iterator[Place]:
        for resource in self.synthesised.resources("aws_lb"):
            yield self._place(
                "load balancer",
                resource.stack,
                resource["subnets"],
                resource["security_groups"],
                public=resource["internal"] is not True,
            )

    def _existing_load_balancers(self, places: Sequence[Place]) -> Iterator[Place]:
        """Load balancers that are looked up: in the network of their hosts, with rules that are not known.

        One that gets no rule for the hosts must have one already.
        """
        for hosts in places:
            existing = environment_of(self.synthesised, hosts).existing_load_balancer
            if hosts.name != "hosts" or existing is None:
                continue
            groups = [self._group_of_load_balancer(hosts, existing)]
            made = tuple(self._doors("aws_vpc_security_group_egress_rule", hosts.environment, groups))
            had = Door(range(1, 65_536), hosts.groups[0])
            yield replace(
                hosts,
                name="load balancer",
                subnets=(),
                groups=tuple(_identity(hosts.environment, group) for group in groups),
                public=True,
                ingress=(),
                egress=made if existing.egress_rule else (had,),
            )

    def _group_of_load_balancer(self, hosts: Place, existing: ExistingLoadBalancer) -> str:
        """Its security group: the one in the settings, or the one that the stack looks up."""
        if existing.security_group:
            return existing.security_group
        looked_up = self.synthesised.looked_up("aws_security_group")
        (group,) = (found for found in looked_up if found.stack == hosts.environment)
        return f"{group.reference}id}}"

    def _hosts(self) -> Iterator[Place]:
        for resource in self.synthesised.resources("aws_autoscaling_group"):
            template = self.resolve(resource.stack, resource["launch_template"]["id"])
            (interface,) = template["network_interfaces"]
            yield self._place(
                "hosts",
                resource.stack,
                resource["vpc_zone_identifier"],
                interface["security_groups"],
                public=interface["associate_public_ip_address"] != "false",
            )

    def _commands(self) -> Iterator[Place]:
        """Release commands run where the hosts are, and are held to what hosts are held to."""
        for resource in self.synthesised.resources("aws_codebuild_project"):
            if within := resource.get("vpc_config"):
                yield self._place("hosts", resource.stack, within["subnets"], within["security_group_ids"],
                                  public=False)  # fmt: skip

    def _databases(self) -> Iterator[Place]:
        for resource in self.synthesised.resources("aws_db_instance"):
            subnets = self.resolve(resource.stack, resource["db_subnet_group_name"])
            yield self._place(
                "database",
                resource.stack,
                subnets["subnet_ids"],
                resource["vpc_security_group_ids"],
                public=resource.get("publicly_accessible") is True,
            )

    def _endpoints(self) -> Iterator[Place]:
        """Interface endpoints; those with the same subnets and groups are one place."""
        found = {
            (endpoint.stack, tuple(endpoint["subnet_ids"]), tuple(endpoint["security_group_ids"]))
            for endpoint in self.synthesised.resources("aws_vpc_endpoint")
            if endpoint["vpc_endpoint_type"] == "Interface"
        }
        for stack, subnets, groups in sorted(found):
            yield self._place("endpoints", stack, list(subnets), list(groups), public=False)

    def _buckets(self) -> Iterator[Place]:
        """S3 behind a gateway endpoint, where doors lead to its prefix list; its policy names the buckets."""
        for rule in self.synthesised.resources("aws_vpc_security_group_egress_rule"):
            if prefix_list := rule.get("prefix_list_id"):
                endpoint = self.resolve(rule.stack, prefix_list)
                yield Place(
                    name="S3",
                    environment=rule.stack,
                    vpc=_identity(rule.stack, endpoint["vpc_id"]),
                    addresses=(),
                    subnets=(),
                    groups=(_identity(rule.stack, prefix_list),),
                    public=False,
                    ingress=(Door(range(443, 444), INTERNET),),
                    egress=(),
                )

    def _place(self, name: str, stack: str, subnets: list[str], groups: list[str], *, public: bool) -> Place:
        found = [self.resolve(stack, subnet) for subnet in subnets]
        existing = any(subnet.looked_up for subnet in found)
        if existing:
            vpc = self._existing_vpc(stack)
        else:
            (vpc,) = {_identity(stack, subnet["vpc_id"]) for subnet in found}
        return Place(
            name=name,
            environment=stack,
            vpc=vpc,
            addresses=() if existing else tuple(IPv4Network(subnet["cidr_block"]) for subnet in found),
            subnets=tuple(subnets),
            groups=tuple(_identity(stack, group) for group in groups),
            public=public
            or (not existing and any(subnet["map_public_ip_on_launch"] is not False for subnet in found)),
            existing=existing,
            ingress=tuple(self._doors("aws_vpc_security_group_ingress_rule", stack, groups)),
            egress=tuple(self._doors("aws_vpc_security_group_egress_rule", stack, groups)),
        )

    def _existing_vpc(self, stack: str) -> str:
        """What a stack's VPC is looked up by: the same in every environment that names it.

        That of a platform of the service itself is the VPC in the platform's stack.
        """
        pipeline = self.synthesised.pipeline
        for name, platform in pipeline.own_platforms.items():
            if stack == f"{pipeline.service}-{name}":
                (own,) = self._of(f"{pipeline.service}-{platform}", "aws_vpc")
                return _identity(own.stack, f"{own.reference}id}}")
        (vpc,) = (found for found in self.synthesised.looked_up("aws_vpc") if found.stack == stack)
        return json.dumps([vpc.get("id"), vpc.get("tags")])

    def _doors(self, type: str, stack: str, groups: list[str]) -> Iterator[Door]:
        for rule in self.synthesised.resources(type):
            if rule.stack == stack and rule["security_group_id"] in groups:
                yield _door(rule)

    def _ways(self, stack: str, subnet: str) -> Iterator[str]:
        if self.resolve(stack, subnet).looked_up:
            yield "internet" if "/public-" in self.resolve(stack, subnet).path else "nat"
        for association in self._of(stack, "aws_route_table_association"):
            if association["subnet_id"] == subnet:
                for route in self._of(stack, "aws_route"):
                    if route["route_table_id"] == association["route_table_id"]:
                        yield _way(route)

    def _of(self, stack: str, type: str) -> Iterator[Resource]:
        return (resource for resource in self.synthesised.resources(type) if resource.stack == stack)


def _identity(stack: str, expression: str) -> str:
    """What an expression names: a stack's own resource, or by its id one that any stack can name."""
    return f"{stack} {expression}" if expression.startswith("${") else expression


def environment_of(everything: Synthesised, place: Place) -> Environment:
    """The settings of the environment that a place is in."""
    service = everything.pipeline.service
    return next(
        environment
        for environment in everything.pipeline.environments
        if f"{service}-{environment.name}" == place.environment
    )


def _understand(resource: Resource) -> None:
    if resource.type not in NETWORK | WITHOUT_NETWORK:
        raise NotUnderstood(f"{resource.path}: {resource.type}")
    within = resource.get("vpc_config")
    if within and not (resource.type == "aws_codebuild_project" and within.get("security_group_ids")):
        raise NotUnderstood(f"{resource.path}: vpc_config")
    for attribute in ("ipv6_cidr_block", "assign_generated_ipv6_cidr_block"):
        if resource.get(attribute):
            raise NotUnderstood(f"{resource.path}: {attribute}")
    if resource.type == "aws_vpc_endpoint":
        _understand_endpoint(resource)


def _understand_endpoint(endpoint: Resource) -> None:
    kind = endpoint["vpc_endpoint_type"]
    if kind == "Gateway" and endpoint["service_name"].endswith(".s3"):
        return
    if kind != "Interface" or not endpoint.get("security_group_ids"):
        raise NotUnderstood(f"{endpoint.path}: {kind} without groups, or not for S3")


def _door(rule: Resource) -> Door:
    if rule["ip_protocol"] != "tcp":
        raise NotUnderstood(f"{rule.path}: ip_protocol {rule['ip_protocol']}")
    ports = range(rule["from_port"], rule["to_port"] + 1)
    if cidr := rule.get("cidr_ipv4"):
        return Door(ports, IPv4Network(cidr))
    if group := rule.get("referenced_security_group_id"):
        return Door(ports, _identity(rule.stack, group))
    if str(prefix_list := rule.get("prefix_list_id")).startswith("${aws_vpc_endpoint."):
        return Door(ports, _identity(rule.stack, str(prefix_list)))
    raise NotUnderstood(f"{rule.path}: neither an IPv4 range, a group nor the prefix list of an endpoint")


def _way(route: Resource) -> str:
    """Where a route leads, by its target."""
    if str(route.get("gateway_id")).startswith("${aws_internet_gateway."):
        return "internet"
    if str(route.get("nat_gateway_id")).startswith("${aws_nat_gateway."):
        return "nat"
    raise NotUnderstood(f"{route.path}: a route that leads neither to the internet nor to a NAT gateway")
