"""The possible connections of an evaluated network as rows, for docs/security.md."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network
from typing import NamedTuple

from tests.security.network.model import INTERNET, Networks, Place
from tests.security.network.reach import from_internet, inside, to_ranges

WHY = {
    ("internet", "load balancer"): "clients; port 80 redirects to HTTPS if there is a certificate",
    ("load balancer", "hosts"): "requests, and health checks",
    ("hosts", "load balancer"): "not needed; hosts can open HTTPS connections to all addresses",
    ("hosts", "internet"): "AWS services, packages and the registry, through the NAT gateway",
    ("hosts", "database"): "the service's own database",
    ("hosts", "endpoints"): "AWS's services, by their interface endpoints",
    ("hosts", "S3"): "packages, agents, image layers and revisions, through the gateway endpoint",
}


NAMED = "environments.egress in the settings"


class Row(NamedTuple):
    """A possible connection: source, destination, ports and reason."""

    environment: str
    source: str
    destination: str
    ports: str
    why: str


def rows(networks: Networks) -> Iterator[Row]:
    """A row for each possible connection."""
    for place in networks.places:
        yield from _from_outside(networks, place)
        for other in networks.places:
            if other.vpc == place.vpc and (ports := inside(place, other)):
                yield _row(place, place.name, other.name, ports)
        yield from _to_ranges(networks, place)
        yield from _to_groups(networks, place)


def _to_ranges(networks: Networks, place: Place) -> Iterator[Row]:
    by_range: dict[IPv4Network, set[int]] = {}
    for cidr, port in to_ranges(networks, place):
        by_range.setdefault(cidr, set()).add(port)
    for cidr, ports in by_range.items():
        row = _row(place, place.name, "internet", ports)
        yield row if cidr == INTERNET else row._replace(destination=str(cidr), why=NAMED)


def _to_groups(networks: Networks, place: Place) -> Iterator[Row]:
    """Connections to security groups that the settings refer to by id."""
    of_ours = {group for other in networks.places for group in other.groups}
    for door in place.egress:
        if isinstance(door.peer, str) and door.peer not in of_ours:
            yield _row(place, place.name, "internet", door.ports)._replace(destination=door.peer, why=NAMED)


def _from_outside(networks: Networks, place: Place) -> Iterator[Row]:
    by_range: dict[str, set[int]] = {}
    for cidr, port in from_internet(networks, place):
        by_range.setdefault(str(cidr), set()).add(port)
    for outside, ports in by_range.items():
        row = _row(place, "internet", place.name, ports)
        yield row._replace(source=f"internet ({outside})")


def _row(place: Place, source: str, destination: str, ports: Iterable[int]) -> Row:
    listed = ", ".join(map(str, sorted(ports)))
    return Row(place.environment, source, destination, listed, WHY[source, destination])
