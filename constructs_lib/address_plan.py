"""Divides a network's IPv4 range among its subnets, so that a zone more never moves one that exists."""

from dataclasses import dataclass
from ipaddress import IPv4Network

MAX_ZONES = 4
LARGEST_PREFIX, SMALLEST_PREFIX = 16, 24


@dataclass(frozen=True)
class AddressPlan:
    """The ranges of a network's subnets, by zone: the first of each belongs to the first zone."""

    public: tuple[str, ...]
    private: tuple[str, ...]


def plan(cidr: str) -> AddressPlan:
    """Eight equal blocks: the lower four for public subnets, the upper four for private ones.

    All four zones have their place from the start, whether used or not. The smallest network, /24,
    gives blocks of /27: the least that a load balancer takes
    (docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html).

    Raises ValueError for a range that is not a network, or not between /16 and /24.
    """
    network = IPv4Network(cidr)
    if not LARGEST_PREFIX <= network.prefixlen <= SMALLEST_PREFIX:
        raise ValueError(f"a network is between /{LARGEST_PREFIX} and /{SMALLEST_PREFIX}, received {cidr}")
    blocks = tuple(str(block) for block in network.subnets(prefixlen_diff=3))
    return AddressPlan(public=blocks[:MAX_ZONES], private=blocks[MAX_ZONES:])
