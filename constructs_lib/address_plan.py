"""Divides a network's IPv4 range into subnets; adding a zone later never moves an existing subnet."""

from dataclasses import dataclass
from ipaddress import IPv4Network

MAX_ZONES = 4
LARGEST_PREFIX, SMALLEST_PREFIX = 16, 24


@dataclass(frozen=True)
class AddressPlan:
    """The IPv4 ranges of a network's subnets, in the order of the zones.

    public, private: one range per zone, such as ``10.20.0.0/19``.
    """

    public: tuple[str, ...]
    private: tuple[str, ...]


def plan(cidr: str) -> AddressPlan:
    """Divide ``cidr`` into eight equal blocks: the lower four public, the upper four private.

    Blocks for four zones are always reserved, whether used or not. The smallest network, /24, gives
    blocks of /27, the smallest subnet that a load balancer accepts
    (docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html).

    Raises ValueError if ``cidr`` is not an IPv4 network, or its prefix is not between /16 and /24.
    """
    network = IPv4Network(cidr)
    if not LARGEST_PREFIX <= network.prefixlen <= SMALLEST_PREFIX:
        raise ValueError(
            f"a network must be between /{LARGEST_PREFIX} and /{SMALLEST_PREFIX}, received {cidr}"
        )
    blocks = tuple(str(block) for block in network.subnets(prefixlen_diff=3))
    return AddressPlan(public=blocks[:MAX_ZONES], private=blocks[MAX_ZONES:])
