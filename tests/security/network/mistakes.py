"""Mistakes in a network, by the rule that must detect them."""

import json
from collections.abc import Mapping

from tests.security.rules.rule import Mistake, Stacks, adding, each, setting

ANYWHERE = "0.0.0.0/0"
STAGING = "-staging"
INGRESS, EGRESS = "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"


def opening(who: str, direction: str, port: int, **peer: object) -> Mistake:
    """An additional rule of the load balancer's (``traffic``) or the hosts' group, in every environment."""

    def mistake(stacks: Stacks) -> None:
        for name, stack in stacks.items():
            for key in stack["resource"].get("aws_security_group", {}):
                if key.startswith(who):
                    group = f"${{aws_security_group.{key}.id}}"
                    to = peer or {"referenced_security_group_id": group}
                    door = {"security_group_id": group, "from_port": port, "to_port": port, **to}
                    metadata = {"metadata": {"path": f"{name}/added"}}
                    stack["resource"][direction]["added"] = {"ip_protocol": "tcp", **door, "//": metadata}

    return mistake


def adding_a_database(of: str = "", **peer: object) -> Mistake:
    """A database in every environment, with an ingress rule for a range or a group (the start of its key)."""

    def mistake(stacks: Stacks) -> None:
        for name, stack in stacks.items():
            resources = stack["resource"]
            groups = resources.get("aws_security_group", {})
            if not groups:
                continue
            metadata = {"metadata": {"path": f"{name}/database"}}
            groups["added"] = {"//": metadata}
            key = next(key for key in groups if key.startswith(of)) if of else ""
            to = peer or {"referenced_security_group_id": f"${{aws_security_group.{key}.id}}"}
            own = "${aws_security_group.added.id}"
            door = {"ip_protocol": "tcp", "from_port": 5432, "to_port": 5432, "security_group_id": own, **to}
            resources[INGRESS]["database"] = {**door, "//": metadata}
            (group,) = resources["aws_autoscaling_group"].values()
            subnets = {"subnet_ids": group["vpc_zone_identifier"], "//": metadata}
            resources["aws_db_subnet_group"] = {"added": subnets}
            database = {
                "db_subnet_group_name": "${aws_db_subnet_group.added.name}",
                "vpc_security_group_ids": [own],
            }
            resources["aws_db_instance"] = {"added": {**database, "//": metadata}}

    return mistake


def both(*mistakes: Mistake) -> Mistake:
    """Several mistakes that only together open a connection."""

    def mistake(stacks: Stacks) -> None:
        for each_one in mistakes:
            each_one(stacks)

    return mistake


def hosts_in_public_subnets(stacks: Stacks) -> None:
    """Associates every subnet with the public route table."""
    for stack in stacks.values():
        tables = stack["resource"].get("aws_route_table", {})
        for key in tables:
            if "public" in key:
                for association in stack["resource"]["aws_route_table_association"].values():
                    association["route_table_id"] = f"${{aws_route_table.{key}.id}}"


def hosts_by_a_gateway(stacks: Stacks) -> None:
    """The route tables of the hosts' subnets lead to a NAT gateway."""
    for name, stack in stacks.items():
        tables = [key for key in stack["resource"].get("aws_route_table", {}) if "private" in key]
        for key in tables:
            route = {
                "route_table_id": f"${{aws_route_table.{key}.id}}",
                "destination_cidr_block": ANYWHERE,
                "nat_gateway_id": "${aws_nat_gateway.added.id}",
                "//": {"metadata": {"path": f"{name}/added-{key}"}},
            }
            stack["resource"]["aws_route"][f"added-{key}"] = route


def any_bucket(stacks: Stacks) -> None:
    """The policy of S3's endpoint names no bucket."""
    for endpoint in each(stacks, "aws_vpc_endpoint"):
        if endpoint["vpc_endpoint_type"] == "Gateway":
            statement = {"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject"], "Resource": ["*"]}
            endpoint["policy"] = json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def another_service(stacks: Stacks) -> None:
    """An endpoint leads to a service that nothing calls."""
    next(
        endpoint for endpoint in each(stacks, "aws_vpc_endpoint") if endpoint["service_name"].endswith(".ssm")
    )["service_name"] += "-contacts"


def without_an_endpoint(stacks: Stacks) -> None:
    """One service has no endpoint."""
    for stack in stacks.values():
        endpoints = stack["resource"].get("aws_vpc_endpoint", {})
        for key in [key for key, endpoint in endpoints.items() if endpoint["service_name"].endswith(".logs")]:
            del endpoints[key]


def one_range_for_all(stacks: Stacks) -> None:
    """Gives the subnets of every environment the same addresses."""
    for subnet in each(stacks, "aws_subnet"):
        subnet["cidr_block"] = "10.20.0.0/24"


PUBLIC = both(
    setting("aws_launch_template", network_interfaces__associate_public_ip_address="true"),
    hosts_in_public_subnets,
)
PEERING = adding("aws_vpc_peering_connection", STAGING, vpc_id="a", peer_vpc_id="b")
ROUTE = adding("aws_route", STAGING, route_table_id="a", vpc_peering_connection_id="pcx-1")

MISTAKES: Mapping[str, Mapping[str, Mistake]] = {
    "understood": {
        "a peering with another network": PEERING,
        "all outgoing routes through a peering connection": setting(
            "aws_route", gateway_id=None, nat_gateway_id=None, vpc_peering_connection_id="pcx-1"
        ),
        "all outgoing routes through a transit gateway": setting(
            "aws_route", gateway_id=None, nat_gateway_id=None, transit_gateway_id="tgw-1"
        ),
        "a network ACL": adding("aws_network_acl", STAGING, vpc_id="a"),
        "an additional instance": adding("aws_instance", STAGING, subnet_id="a"),
        "IPv6": setting("aws_vpc", assign_generated_ipv6_cidr_block=True),
        "a rule for IPv6": setting(
            INGRESS, cidr_ipv4=None, referenced_security_group_id=None, cidr_ipv6="::/0"
        ),
        "a rule for all protocols": setting(EGRESS, ip_protocol="-1"),
        "an interface endpoint": setting("aws_vpc_endpoint", vpc_endpoint_type="Interface"),
        "builds in the network": setting("aws_codebuild_project", vpc_config={"vpc_id": "a"}),
    },
    "internet": {
        "a port without a listener": opening("traffic", INGRESS, 8443, cidr_ipv4=ANYWHERE),
        "the container's port": opening("traffic", INGRESS, 8080, cidr_ipv4=ANYWHERE),
        "a range that the settings do not allow": opening("traffic", INGRESS, 80, cidr_ipv4="203.0.113.0/24"),
        "hosts with public addresses": both(opening("hosts", INGRESS, 443, cidr_ipv4=ANYWHERE), PUBLIC),
        "subnets that assign public addresses": both(
            opening("hosts", INGRESS, 443, cidr_ipv4=ANYWHERE),
            setting("aws_subnet", map_public_ip_on_launch=True),
            hosts_in_public_subnets,
        ),
    },
    "hosts_let_in": {
        "from other hosts": both(opening("hosts", INGRESS, 443)),
        "from an address range": opening("hosts", INGRESS, 9000, cidr_ipv4="10.0.0.0/8"),
        "from the load balancer on all ports": both(
            setting(INGRESS, from_port=0, to_port=65535), setting(EGRESS, from_port=0, to_port=65535)
        ),
        "from no load balancer": setting(
            INGRESS, referenced_security_group_id="${aws_security_group.gone.id}"
        ),
    },
    "balancers_reach": {"to all addresses": opening("traffic", EGRESS, 443, cidr_ipv4=ANYWHERE)},
    "hosts_reach": {
        "mail servers": opening("hosts", EGRESS, 25, cidr_ipv4=ANYWHERE),
        "a database in another network": opening("hosts", EGRESS, 5432, cidr_ipv4="10.99.0.0/16"),
        "a security group that is not in the settings": opening(
            "hosts", EGRESS, 5432, referenced_security_group_id="sg-00000000000000001"
        ),
        "another port of a security group in the settings": opening(
            "hosts", EGRESS, 5432, referenced_security_group_id="sg-0123456789abcdef0"
        ),
        "no destination": setting(EGRESS, cidr_ipv4="192.0.2.0/24"),
        "the internet with public addresses": PUBLIC,
        "the internet without the NAT gateway": hosts_in_public_subnets,
    },
    "no_way_out": {
        "a NAT gateway": hosts_by_a_gateway,
        "HTTPS to anywhere": opening("hosts", EGRESS, 443, cidr_ipv4=ANYWHERE),
        "mail servers": opening("hosts", EGRESS, 25, cidr_ipv4="203.0.113.0/24"),
        "a service that nothing calls": another_service,
        "a service without an endpoint": without_an_endpoint,
        "usual names that lead to the internet": setting("aws_vpc_endpoint", private_dns_enabled=False),
        "a network that gives no names": setting("aws_vpc", enable_dns_hostnames=False),
        "keys of other accounts": setting("aws_vpc_endpoint", policy=None),
        "any bucket": any_bucket,
        "endpoints for everybody": opening("network_endpoints", INGRESS, 443, cidr_ipv4="10.0.0.0/8"),
    },
    "databases_let_in": {
        "from an address range": adding_a_database(cidr_ipv4="10.0.0.0/8"),
        "from the load balancer": adding_a_database(of="traffic"),
        "from other databases": adding_a_database(of="added"),
    },
    "environments_apart": {
        "the same addresses": one_range_for_all,
        "one network for all environments": setting("aws_subnet", vpc_id="vpc-0123456789abcdef0"),
        "one security group for all environments": setting(
            "aws_launch_template", network_interfaces__security_groups=["sg-0123456789abcdef0"]
        ),
    },
    "defaults_closed": {
        "a rule for its own members": setting("aws_default_security_group", ingress=[{"self": True}]),
        "a rule for all addresses": setting(
            "aws_default_security_group", egress=[{"cidr_blocks": [ANYWHERE]}]
        ),
        "AWS's default rules": setting("aws_default_security_group", vpc_id="another"),
    },
    "no_ssh": {
        "incoming, from one address": opening("hosts", INGRESS, 22, cidr_ipv4="203.0.113.7/32"),
        "outgoing": opening("hosts", EGRESS, 22, cidr_ipv4=ANYWHERE),
        "a range of ports that contains 22": setting(INGRESS, from_port=20, to_port=30),
        "a key pair": setting("aws_launch_template", key_name="mine"),
    },
    "metadata": {
        "optional tokens": setting("aws_launch_template", metadata_options__http_tokens="optional"),
        "a hop limit of 2": setting("aws_launch_template", metadata_options__http_put_response_hop_limit=2),
        "AWS's defaults": setting("aws_launch_template", metadata_options=None),
    },
    "own_rules": {
        "a rule within a group": setting("aws_security_group", ingress=[{"from_port": 443, "to_port": 443}])
    },
}
