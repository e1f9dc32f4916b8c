"""Who reaches whom in an evaluated network, in rows: for the page, which shows the committed pipeline."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network
from typing import NamedTuple

from tests.security.network.model import INTERNET, Networks, Place
from tests.security.network.reach import from_internet, inside, to_ranges

WHY = {
    ("internet", "load balancer"): "clients; port 80 redirects to HTTPS where there is a certificate",
    ("load balancer", "hosts"): "requests, and health checks",
    ("hosts", "load balancer"): "nobody's need: hosts may open HTTPS anywhere, as clients may",
    ("hosts", "internet"): "AWS's services, packages and the registry, through the NAT gateway",
    ("hosts", "database"): "the service's own database",
    ("hosts", "endpoints"): "AWS's services, by their interface endpoints",
    ("hosts", "S3"): "packages, agents, image layers and revisions, through the gateway endpoint",
}


NAMED = "what the settings name: environments.egress"


class Row(NamedTuple):
    """Somebody who reaches somebody, the ports, and why it is so."""

    environment: str
    source: str
    destination: str
    ports: str
    why: str


def rows(networks: Networks) -> Iterator[Row]:
    """Each connection that can be opened; where nobody reaches anybody, there is no row."""
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
    """Groups that the settings name by their ids."""
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
