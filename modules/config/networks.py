"""Rules for a network, zone, security group or domain in pipeline.toml."""

import re
from ipaddress import IPv4Network, ip_network

from modules.config.rules import SettingsRule, items, matching, text

PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))
DOCKER = IPv4Network("172.17.0.0/16")
CIDR = r"[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}"
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
NAME = rf"({LABEL}\.)+(?=[a-z]){LABEL}"
LONGEST_NAME = 253


def _network(value: str, example: str) -> IPv4Network | str:
    """Return the network, or a message that says what is expected."""
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        return f'must be an IPv4 network, such as "{example}"'
    if not isinstance(network, IPv4Network):
        return f'must be an IPv4 network, such as "{example}"; IPv6 is not supported'
    if str(network) != value:
        return f'must be the network address with its prefix length: "{network}"'
    return network


def _cidr(value: str) -> str | None:
    network = _network(value, "10.20.0.0/16")
    if isinstance(network, str):
        return network
    if not 16 <= network.prefixlen <= 24:
        return f"must be between /16 and /24 in size; this is a /{network.prefixlen}"
    if not is_private(network):
        return "must be private: within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10"
    if network.overlaps(DOCKER):
        return f"must not overlap {DOCKER}, which Docker uses inside the hosts"
    return None


def _allowed(value: str) -> str | None:
    network = _network(value, "192.0.2.0/24")
    return network if isinstance(network, str) else None


def _domain(value: str) -> str | None:
    if value.endswith("."):
        return f'must not end with a dot: "{value.rstrip(".")}"'
    if not re.fullmatch(NAME, value):
        return 'must be a domain name in lower case, such as "my-app.example.com"'
    if len(value) > LONGEST_NAME:
        return f"must have at most {LONGEST_NAME} characters, as every domain name; this has {len(value)}"
    return None


def _certified(value: str) -> str | None:
    if len(value) > 64:
        return f"must have at most 64 characters, ACM's limit for certificates; this has {len(value)}"
    return _domain(value)


def hosts_that_fit(prefix_length: int, zones: int, *, taken: int = 0) -> int:
    """Return how many hosts a network with this prefix length has addresses for.

    taken: how many addresses of each of their subnets something else has. Default: 0.

    A network is divided into eight subnets of equal size, of which hosts use one per zone; AWS reserves
    five addresses of every subnet (docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html).
    """
    return zones * ((1 << (32 - prefix_length - 3)) - 5 - taken)


def is_private(network: IPv4Network) -> bool:
    """Whether a network is within the ranges that no address of the internet has."""
    return any(network.subnet_of(private) for private in PRIVATE)


NETWORK = text(_cidr, CIDR)
ALLOWED = text(_allowed, CIDR)
ALLOWED_LIST = items("range")
ZONE = matching(r"[a-z]{2}(-[a-z]+)+-[0-9][a-z]", 'must be the name of a zone, such as "eu-central-1a"')
SECURITY_GROUP = matching(
    r"sg-([0-9a-f]{8}|[0-9a-f]{17})", 'must be the id of a security group, such as "sg-0123456789abcdef0"'
)
VPC = matching(r"vpc-([0-9a-f]{8}|[0-9a-f]{17})", 'must be the id of a VPC, such as "vpc-0123456789abcdef0"')
SUBNET = matching(
    r"subnet-([0-9a-f]{8}|[0-9a-f]{17})", 'must be the id of a subnet, such as "subnet-0123456789abcdef0"'
)
SUBNET_LIST = items("subnet")
LOAD_BALANCER = matching(
    r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?",
    'must be the name of a load balancer, such as "shared": letters, digits, hyphens inside',
    longest=32,
)
HOST_NAME = matching(
    r"([a-z0-9*?-]+\.)+[a-z]+",
    "must be a host name in lower case, in which * and ? are wildcards, with only letters after its last dot,"
    ' such as "my-app.example.com"',
    longest=128,
)
"""docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_HostHeaderConditionConfig.html"""
HOST_NAMES = items("host name", most=5)
PATH = matching(
    r"/[A-Za-z0-9_.$/~\"'@:+*?&-]*",
    'must be a path that begins with /, in which * and ? are wildcards, such as "/orders/*"',
    longest=128,
)
PATHS = items("path", most=5)
ZONE_LIST = items("zone", most=4)
DOMAIN: SettingsRule[str] = text(_certified, NAME)
HOSTED_ZONE: SettingsRule[str] = text(_domain, NAME)
