"""Which TCP connections are possible, by the security groups on both sides and the routes."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from modules.config.networks import is_private
from tests.security.network.model import INTERNET, Door, Networks, Place


def from_internet(networks: Networks, place: Place) -> Iterator[tuple[IPv4Network, int]]:
    """Each range outside that can reach a place, and the port, by its address, its routes and its rules."""
    if place.public and "internet" in networks.ways_out(place):
        for door in place.ingress:
            if isinstance(door.peer, IPv4Network):
                yield from ((door.peer, port) for port in door.ports)


def to_internet(networks: Networks, place: Place) -> set[int]:
    """The ports that a place can reach outside: through a NAT gateway, or with a public address."""
    return {port for peer, port in to_ranges(networks, place) if peer == INTERNET}


def to_ranges(networks: Networks, place: Place) -> Iterator[tuple[IPv4Network, int]]:
    """Each range that a place can open connections to, and the port, if there is a route."""
    ways = networks.ways_out(place)
    outside = "nat" in ways or (place.public and "internet" in ways)
    for door in place.egress:
        if isinstance(door.peer, IPv4Network) and (outside or is_private(door.peer)):
            yield from ((door.peer, port) for port in door.ports)


def between(networks: Networks, source: Place, destination: Place) -> set[int]:
    """The ports of a place that another can reach, within a network or over the internet."""
    outward = {port for peer, port in to_ranges(networks, source) if not is_private(peer)}
    over = outward & {port for _, port in from_internet(networks, destination)}
    return over | (inside(source, destination) if source.vpc == destination.vpc else set())


def inside(source: Place, destination: Place) -> set[int]:
    """The ports of a place that another in the same network can reach: the rules of both must allow it."""
    return _ports(source.egress, destination) & _ports(destination.ingress, source)


def _ports(doors: tuple[Door, ...], peer: Place) -> set[int]:
    return {port for door in doors if _leads_to(door, peer) for port in door.ports}


def _leads_to(door: Door, place: Place) -> bool:
    if isinstance(door.peer, str):
        return door.peer in place.groups
    return door.peer == INTERNET or any(address.overlaps(door.peer) for address in place.addresses)
