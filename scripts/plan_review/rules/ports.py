"""Rules about ports that are open to the internet."""

from collections.abc import Iterator

from plan_review.finding import Severity
from plan_review.plan import ResourceChange
from plan_review.rules.ingress import TYPES, WITH_PORTS, Ingress, newly_open
from plan_review.rules.rule import ChangeRule, Match

_WEB = frozenset({80, 443})
_ADMINISTRATION = (
    *(20, 21, 22, 23, 25, 111, 135, 139, 389, 445, 636, 873, 1433, 1434, 1521, 2049, 2181, 2375, 2376, 2379),
    *(2380, 3306, 3389, 4505, 4506, 5432, 5439, 5601, 5672, 5900, 5984, 5985, 5986, 6379, 6443, 7000, 7199),
    *(8086, 8500, 9042, 9092, 9200, 9300, 10250, 11211, 15672, 27017, 27018, 50070),
)
_WIDE = 1024
"""From this number of ports on, a range likely contains unintended ones."""
_NARROW = "Name the addresses, or better the security group, that need it."


def _is_web(opening: Ingress) -> bool:
    return opening.pings or (opening.first == opening.last and opening.first in _WEB)


def _is_administration(opening: Ingress) -> bool:
    if opening.pings:
        return False
    hits = any(opening.first <= port <= opening.last for port in _ADMINISTRATION)
    return hits or opening.last - opening.first >= _WIDE


@ChangeRule.of(
    "exposure.administration",
    Severity.BLOCK,
    "ports for administration or databases, or very many ports, that are open to the whole internet",
    "Scanners find an open port within minutes. One weak password or one unpatched version is enough.",
    "Use Session Manager, a VPN or a bastion host. Allow only the addresses, or better the security "
    "group, that need the port.",
    types=TYPES,
)
def _administration(change: ResourceChange) -> Iterator[Match]:
    yield from _opened([opening for opening in newly_open(change) if _is_administration(opening)])


@ChangeRule.of(
    "exposure.ports",
    Severity.HIGH,
    "other ports that are open to the whole internet",
    "Everybody can connect to the service on this port, without a load balancer or firewall in between.",
    "Allow only the addresses, or better the security group, that need the port.",
    types=WITH_PORTS,
)
def _ports(change: ResourceChange) -> Iterator[Match]:
    others = [
        opening for opening in newly_open(change) if not _is_web(opening) and not _is_administration(opening)
    ]
    yield from _opened(others)


def _opened(found: list[Ingress]) -> Iterator[Match]:
    if found:
        yield Match(f"Lets in {', '.join(str(opening) for opening in found)}")


@ChangeRule.of(
    "exposure.web",
    Severity.LOW,
    "ports 80 and 443, or ping, that are open to the whole internet",
    "This is right for a public site, and wrong for an internal one.",
    "If the service is not public, allow only the addresses that need it.",
    types=WITH_PORTS,
)
def _web(change: ResourceChange) -> Iterator[Match]:
    yield from _opened([opening for opening in newly_open(change) if _is_web(opening)])
