"""Rules for the network: possible connections, and access to the instance metadata."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from tests.security.network.mistakes import MISTAKES
from tests.security.network.model import INTERNET, Networks, NotUnderstood, Place, environment_of
from tests.security.network.reach import between, from_internet, to_ranges
from tests.security.rules.rule import rules
from tests.synthesis import Synthesised

HTTPS, SSH = 443, 22
DOORS = ("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")


def understood(everything: Synthesised) -> Iterator[str]:
    """The stacks contain nothing that the evaluation does not cover, such as peering connections or IPv6."""
    try:
        networks = Networks(everything)
        for place in networks.places:
            networks.ways_out(place)
    except NotUnderstood as unknown:
        yield str(unknown)


def internet(everything: Synthesised) -> Iterator[str]:
    """The internet can reach only listeners of load balancers, from the ranges that the settings allow."""
    networks = Networks(everything)
    for place in networks.places:
        allowed = environment_of(everything, place).allowed_cidrs
        listeners = {resource["port"] for resource in everything.resources("aws_lb_listener")
                     if resource.stack == place.environment}  # fmt: skip
        for cidr, port in from_internet(networks, place):
            if place.name != "load balancer" or port not in listeners or str(cidr) not in allowed:
                yield f"{cidr} reaches the {place.name} of {place.environment} on {port}"


def hosts_let_in(everything: Synthesised) -> Iterator[str]:
    """Hosts accept connections only from their load balancer, on the hosts' port."""
    networks = Networks(everything)
    for hosts in _named(networks, "hosts"):
        for door in hosts.ingress:
            if not isinstance(door.peer, str):
                yield f"{hosts.environment}: hosts let {door.peer} in on {door.ports}"
        for source in networks.places:
            wanted = {everything.pipeline.hosts.host_port} if _balances(source, hosts) else set()
            if (ports := between(networks, source, hosts)) != wanted:
                yield f"{source.name}, {source.environment}, to {hosts.environment}: {len(ports)} ports"


def balancers_reach(everything: Synthesised) -> Iterator[str]:
    """Load balancers can open connections only to their hosts."""
    networks = Networks(everything)
    for source in _named(networks, "load balancer"):
        for door in source.egress:
            if not any(door.peer in place.groups for place in networks.places if _balances(source, place)):
                yield f"{source.environment}: the load balancer reaches {door.peer}"


def hosts_reach(everything: Synthesised) -> Iterator[str]:
    """Hosts can reach only HTTPS through a NAT gateway, the egress in the settings, and their databases."""
    networks = Networks(everything)
    for hosts in _named(networks, "hosts"):
        if hosts.public or networks.ways_out(hosts) != {"nat"}:
            yield f"{hosts.environment}: hosts with a public address, or a route past the NAT gateway"
        named = environment_of(everything, hosts).egress
        ranges = {(INTERNET, HTTPS), *((IPv4Network(way.cidr), way.port) for way in named if way.cidr)}
        for peer, port in set(to_ranges(networks, hosts)) ^ ranges:
            yield f"{hosts.environment}: hosts, {peer} and port {port}: open, or closed, and not as it is set"
        groups = {(way.security_group, way.port) for way in named if way.security_group}
        for door in hosts.egress:
            if not isinstance(door.peer, str) or _is_database(networks, door.peer, hosts):
                continue
            if any((door.peer, port) not in groups for port in door.ports):
                yield f"{hosts.environment}: hosts reach {door.peer} on {door.ports}"


def databases_let_in(everything: Synthesised) -> Iterator[str]:
    """Databases accept connections only from the hosts of their own environment."""
    networks = Networks(everything)
    for database in _named(networks, "database"):
        hosts = [each for each in _named(networks, "hosts") if each.environment == database.environment]
        for door in database.ingress:
            if not any(door.peer in host.groups for host in hosts):
                yield f"{database.environment}: the database lets {door.peer} in on {door.ports}"


def environments_apart(everything: Synthesised) -> Iterator[str]:
    """Environments share no network, security group or address: only the internet connects them.

    Only what exists already can be shared, because the settings say so: a network, a load balancer.
    """
    networks = Networks(everything)
    for a, b in ((a, b) for a in networks.places for b in networks.places if a.environment != b.environment):
        shared = a.existing and b.existing
        one_balancer = shared and a.name == b.name == "load balancer"
        if (a.vpc == b.vpc and not shared) or (set(a.groups) & set(b.groups) and not one_balancer):
            yield f"{a.environment} and {b.environment} share a network or a group"
        if any(x.overlaps(y) for x in a.addresses for y in b.addresses):
            yield f"{a.environment} and {b.environment} have addresses in common"


def defaults_closed(everything: Synthesised) -> Iterator[str]:
    """The default security group of each network has no rules."""
    for vpc in everything.resources("aws_vpc"):
        groups = everything.referring_to(vpc, "aws_default_security_group")
        if [(group.get("ingress"), group.get("egress")) for group in groups] != [([], [])]:
            yield vpc.path


def no_ssh(everything: Synthesised) -> Iterator[str]:
    """No security group opens port 22, in either direction, even if unused; hosts have no key pair."""
    for rule in everything.resources(*DOORS):
        if rule["ip_protocol"] != "tcp" or rule["from_port"] <= SSH <= rule["to_port"]:
            yield rule.path
    for template in everything.resources("aws_launch_template"):
        if template.get("key_name"):
            yield f"{template.path}: a key pair"


def metadata(everything: Synthesised) -> Iterator[str]:
    """Instance metadata requires IMDSv2, and containers cannot reach it unless the settings allow it."""
    hops = 2 if everything.pipeline.app.aws_access else 1
    for template in everything.resources("aws_launch_template"):
        options = template.get("metadata_options") or {}
        said = (options.get("http_tokens"), options.get("http_put_response_hop_limit"))
        if said != ("required", hops):
            yield f"{template.path}: tokens {said[0]}, {said[1]} hops"


def own_rules(everything: Synthesised) -> Iterator[str]:
    """Security group rules are separate resources, because rules within a group are not evaluated."""
    for group in everything.resources("aws_security_group"):
        if group.get("ingress") or group.get("egress"):
            yield group.path


def _named(networks: Networks, name: str) -> list[Place]:
    return [place for place in networks.places if place.name == name]


def _is_database(networks: Networks, group: str, hosts: Place) -> bool:
    return any(group in each.groups and each.vpc == hosts.vpc for each in _named(networks, "database"))


def _balances(source: Place, hosts: Place) -> bool:
    """Whether one is the load balancer of the other; one that exists may serve several environments."""
    return (source.name, hosts.name) == ("load balancer", "hosts") and (
        source.environment == hosts.environment or source.existing
    )


RULES = rules(
    *(
        (each, MISTAKES[each.__name__])
        for each in (
            understood,
            internet,
            hosts_let_in,
            balancers_reach,
            hosts_reach,
            databases_let_in,
            environments_apart,
            defaults_closed,
            no_ssh,
            metadata,
            own_rules,
        )
    )
)
