"""Rules for the network: possible connections, and access to the instance metadata."""

import json
from collections.abc import Iterator
from ipaddress import IPv4Network

from constructs_lib.endpoints import WITHOUT_POLICY

from modules.config.endpoints import SERVICES
from modules.config.names import Names
from modules.config.networks import is_private
from tests.security.network.mistakes import MISTAKES
from tests.security.network.model import INTERNET, Networks, NotUnderstood, Place, environment_of
from tests.security.network.reach import between, from_internet, to_ranges
from tests.security.rules.rule import rules
from tests.synthesis import Resource, Synthesised

HTTPS, SSH = 443, 22
ONLY_HTTPS = range(HTTPS, HTTPS + 1)
ACCOUNT = "aws:PrincipalAccount"
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
    """Hosts can reach only HTTPS through a NAT gateway or endpoints, the egress in the settings, and their
    databases.
    """
    networks = Networks(everything)
    for hosts in _named(networks, "hosts"):
        environment = environment_of(everything, hosts)
        if hosts.public or networks.ways_out(hosts) != (set() if environment.makes_endpoints else {"nat"}):
            yield f"{hosts.environment}: hosts with a public address, or a route past the NAT gateway"
        named = environment.egress
        ranges = {(IPv4Network(way.cidr), way.port) for way in named if way.cidr}
        ranges |= set() if environment.makes_endpoints else {(INTERNET, HTTPS)}
        for peer, port in set(to_ranges(networks, hosts)) ^ ranges:
            yield f"{hosts.environment}: hosts, {peer} and port {port}: open, or closed, and not as it is set"
        groups = {(way.security_group, way.port) for way in named if way.security_group}
        for door in hosts.egress:
            if not isinstance(door.peer, str) or _is_database(networks, door.peer, hosts):
                continue
            if _is_of_aws(networks, door.peer, hosts) and door.ports == ONLY_HTTPS:
                continue
            if any((door.peer, port) not in groups for port in door.ports):
                yield f"{hosts.environment}: hosts reach {door.peer} on {door.ports}"


def no_way_out(everything: Synthesised) -> Iterator[str]:
    """With endpoints, hosts have neither route nor rule to the internet. They reach AWS's services that
    something on them calls, as principals of the account, and in S3 packages, agents, image layers and
    revisions.
    """
    networks = Networks(everything)
    for hosts in _named(networks, "hosts"):
        if not environment_of(everything, hosts).makes_endpoints:
            continue
        for way in networks.ways_out(hosts):
            yield f"{hosts.environment}: a route to {way}"
        for door in hosts.egress:
            if isinstance(door.peer, IPv4Network) and not is_private(door.peer):
                yield f"{hosts.environment}: a rule for {door.peer}"
        yield from _endpoints(networks, hosts)
    for endpoints in _named(networks, "endpoints"):
        let_in = [hosts.groups for hosts in _named(networks, "hosts") if hosts.vpc == endpoints.vpc]
        if any((door.peer,) not in let_in or door.ports != ONLY_HTTPS for door in endpoints.ingress):
            yield f"{endpoints.environment}: endpoints let in more than HTTPS from hosts"


def _endpoints(networks: Networks, hosts: Place) -> Iterator[str]:
    """The endpoints of an environment: which there are, and what each lets through."""
    names = Names.of(networks.synthesised.pipeline)
    prefix = f"com.amazonaws.{names.region}."
    found = {
        endpoint["service_name"].removeprefix(prefix): endpoint
        for endpoint in networks.synthesised.resources("aws_vpc_endpoint")
        if endpoint.stack == hosts.environment
    }
    if found.keys() != {"s3", *SERVICES}:
        yield f"{hosts.environment}: endpoints for {', '.join(sorted(found.keys() ^ {'s3', *SERVICES}))}"
    for service, endpoint in found.items():
        allowed = _allowed(endpoint)
        if service == "s3" and allowed != _buckets(names):
            yield f"{endpoint.path}: {allowed}"
        if service != "s3" and not _has_the_usual_name(networks, endpoint):
            yield f"{endpoint.path}: its usual name leads to the internet"
        if service not in ("s3", *WITHOUT_POLICY) and allowed != {("*", "*", names.account)}:
            yield f"{endpoint.path}: requests of other accounts"


def _has_the_usual_name(networks: Networks, endpoint: Resource) -> bool:
    """Whether the service's usual name leads to the endpoint.

    docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    """
    vpc = networks.resolve(endpoint.stack, endpoint["vpc_id"])
    of_vpc = (vpc.get("enable_dns_support"), vpc.get("enable_dns_hostnames"))
    return all(flag is True for flag in (endpoint.get("private_dns_enabled"), *of_vpc))


def _allowed(endpoint: Resource) -> set[tuple[str, str, str]]:
    """What an endpoint's policy allows: actions, resources, and the account of who calls, if it names one."""
    statements = json.loads(endpoint.get("policy") or '{"Statement": []}')["Statement"]
    return {
        (action, resource, statement.get("Condition", {}).get("StringEquals", {}).get(ACCOUNT, ""))
        for statement in statements
        for action in statement["Action"]
        for resource in statement["Resource"]
    }


def _buckets(names: Names) -> set[tuple[str, str, str]]:
    """What hosts may do with buckets: those of AWS without a signature, their own as the account."""
    of_aws = (
        f"al2023-repos-{names.region}-de612dc2",
        f"aws-codedeploy-{names.region}",
        f"prod-{names.region}-starport-layer-bucket",
    )
    revisions = f"arn:aws:s3:::{names.artifact_bucket}/*"
    return {
        *(("s3:GetObject", f"arn:aws:s3:::{bucket}/*", "") for bucket in of_aws),
        *((action, revisions, names.account) for action in ("s3:GetObject", "s3:GetObjectVersion")),
    }


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

    Only what the settings name can be shared: a network and a load balancer that exist, those of a platform.
    """
    networks, pipeline = Networks(everything), everything.pipeline
    platforms = {
        frozenset({f"{pipeline.service}-{name}", f"{pipeline.service}-{platform}"})
        for name, platform in pipeline.own_platforms.items()
    }
    for a, b in ((a, b) for a in networks.places for b in networks.places if a.environment != b.environment):
        shared = a.existing and b.existing
        one_balancer = shared and a.name == b.name == "load balancer"
        joined = shared or frozenset({a.environment, b.environment}) in platforms
        if (a.vpc == b.vpc and not joined) or (set(a.groups) & set(b.groups) and not one_balancer):
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


def _is_of_aws(networks: Networks, peer: str, hosts: Place) -> bool:
    """Whether a door leads to endpoints, or to S3, in the hosts' own network."""
    return any(
        peer in place.groups and place.vpc == hosts.vpc
        for name in ("endpoints", "S3")
        for place in _named(networks, name)
    )


def _balances(source: Place, hosts: Place) -> bool:
    """Whether one is the load balancer of the other; one that exists may serve several environments in it."""
    return (source.name, hosts.name) == ("load balancer", "hosts") and (
        source.environment == hosts.environment or (source.existing and hosts.existing)
    )


RULES = (
    *rules(
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
    ),
    *rules((no_way_out, MISTAKES["no_way_out"]), variant="endpoints"),
)
