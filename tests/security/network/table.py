"""Who reaches whom in an evaluated network, in rows: for the page, which shows the committed pipeline."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tests.security.network.model import Networks, Place
from tests.security.network.reach import from_internet, inside, to_internet

WHY = {
    ("internet", "load balancer"): "clients; port 80 redirects to HTTPS where there is a certificate",
    ("load balancer", "hosts"): "requests, and health checks",
    ("hosts", "load balancer"): "nobody's need: hosts may open HTTPS anywhere, as clients may",
    ("hosts", "internet"): "AWS's services, packages and the registry, through the NAT gateway",
}


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
        if ports := to_internet(networks, place):
            yield _row(place, place.name, "internet", ports)


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
