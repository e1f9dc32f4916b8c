"""What firewalls allow from the internet: security groups and similar, as ports and addresses."""

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from plan_review.plan import UNKNOWN, ResourceChange, Value
from plan_review.rules.attributes import first, number, values

Side = dict[str, Value]
ALL_PORTS = (0, 65_535)
_ANYBODY = frozenset({"*", "any", "internet"})
_EVERY_PROTOCOL = frozenset({"-1", "all", "*"})
_LOCAL = frozenset({"icmp", "icmpv6", "58", "1"})


@dataclass(frozen=True, order=True)
class Ingress:
    """Ports open to a range of addresses; ``cidr`` is “(known after apply)” if it is unknown."""

    protocol: str
    first: int
    last: int
    cidr: str

    def __str__(self) -> str:
        if self.protocol in _LOCAL:
            return f"{self.protocol} from {self.cidr}"
        if (self.first, self.last) == ALL_PORTS:
            return f"every port from {self.cidr}"
        ports = f"port {self.first}" if self.first == self.last else f"ports {self.first}-{self.last}"
        return f"{ports} from {self.cidr}"

    @property
    def pings(self) -> bool:
        """Whether it is ICMP, which has no ports."""
        return self.protocol in _LOCAL

    def within(self, other: "Ingress") -> bool:
        """Whether the other allows all of this already."""
        same = other.cidr == self.cidr and other.protocol in (self.protocol, "all")
        return same and other.first <= self.first and self.last <= other.last


def is_world(cidr: str) -> bool:
    """Whether a range contains a large part of the internet, such as a half of 0.0.0.0/0."""
    if cidr.lower() in _ANYBODY:
        return True
    try:
        network = ipaddress.ip_network(cidr.strip(), strict=False)
    except ValueError:
        return False
    return network.prefixlen < (8 if network.version == 4 else 16)


def newly_open(change: ResourceChange) -> list[Ingress]:
    """What becomes open to the internet."""
    before = [opening for opening in ingress_of(change.type, change.before) if is_world(opening.cidr)]
    after = {opening for opening in ingress_of(change.type, change.after) if is_world(opening.cidr)}
    return sorted(opening for opening in after if not any(opening.within(old) for old in before))


def ingress_of(kind: str, side: Value) -> Iterator[Ingress]:
    """Everything that a resource allows in, from any address."""
    if isinstance(side, dict) and kind in _READERS:
        yield from _READERS[kind](side)


def _blocks(value: Value) -> Iterator[Side]:
    for block in value if isinstance(value, list) else [value]:
        if isinstance(block, dict):
            yield block


def _amazon(block: Side, sources: tuple[str, ...]) -> Iterator[Ingress]:
    protocol = str(block.get("ip_protocol", block.get("protocol", "-1"))).lower()
    first, last = number(block.get("from_port")), number(block.get("to_port"))
    every = protocol in _EVERY_PROTOCOL or first is None or last is None or first < 0
    ports = ALL_PORTS if every or first is None or last is None else (int(first), int(last))
    for source in sources:
        for cidr in values(block, source):
            yield Ingress("all" if protocol in _EVERY_PROTOCOL else protocol, *ports, str(cidr))


def _google(side: Side) -> Iterator[Ingress]:
    if side.get("direction") == "EGRESS" or side.get("disabled") is True:
        return
    for block in _blocks(side.get("allow")):
        protocol = str(block.get("protocol", "all")).lower()
        for cidr in values(side, "source_ranges"):
            for ports in _ranges(values(block, "ports")):
                yield Ingress(protocol, *ports, str(cidr))


def _azure(side: Side) -> Iterator[Ingress]:
    if side.get("access") != "Allow" or side.get("direction") != "Inbound":
        return
    protocol = str(side.get("protocol", "*")).lower()
    ranges = [*values(side, "destination_port_range"), *values(side, "destination_port_ranges")]
    for cidr in [*values(side, "source_address_prefix"), *values(side, "source_address_prefixes")]:
        for ports in _ranges([entry for entry in ranges if entry != "*"]):
            yield Ingress("all" if protocol == "*" else protocol, *ports, str(cidr))


def _ranges(written: list[Value]) -> Iterator[tuple[int, int]]:
    """Ports as Google and Azure write them, ``80`` or ``8000-8010``; every port, where none is named."""
    if not written:
        yield ALL_PORTS
    for entry in written:
        first, _, last = str(entry).partition("-")
        if entry is UNKNOWN or not (first.isdecimal() and (last or first).isdecimal()):
            yield ALL_PORTS
        else:
            yield int(first), int(last or first)


def _group(side: Side) -> Iterator[Ingress]:
    for block in _blocks(side.get("ingress")):
        yield from _amazon(block, ("cidr_blocks", "ipv6_cidr_blocks"))


def _group_rule(side: Side) -> Iterator[Ingress]:
    if side.get("type") == "ingress":
        yield from _amazon(side, ("cidr_blocks", "ipv6_cidr_blocks"))


def _prefixes(side: Side) -> Iterator[Ingress]:
    for cidr in [*values(side, "entry.cidr"), *values(side, "cidr")]:
        yield Ingress("all", *ALL_PORTS, str(cidr))


def _azure_group(side: Side) -> Iterator[Ingress]:
    for block in _blocks(side.get("security_rule")):
        yield from _azure(block)


def _ports(written: object) -> tuple[int, int]:
    """``22``, ``22-25``, ``22/22``, ``all``: as firewalls of smaller clouds write ports."""
    first, _, last = str(written or "").replace("/", "-").partition("-")
    if not (first.isdecimal() and (last or first).isdecimal()) or first == "0":
        return ALL_PORTS
    return int(first), int(last or first)


def _rules(
    side: Side,
    *,
    block: str,
    ports: str,
    sources: tuple[str, ...],
    only: tuple[str, tuple[str, ...]] = ("", ()),
) -> Iterator[Ingress]:
    """Rules that each have ports and addresses. block: that contains them; "" for the resource itself.

    only: an attribute, and the values with which a rule allows access.
    """
    for rule in _blocks(side.get(block)) if block else [side]:
        if only[0] and str(rule.get(only[0])).lower() not in only[1]:
            continue
        protocol = str(rule.get("protocol", rule.get("ip_protocol", "all")) or "all").lower()
        for source in sources:
            for cidr in values(rule, source):
                every = protocol in _EVERY_PROTOCOL
                yield Ingress("all" if every else protocol, *_ports(first(rule, ports)), str(cidr))


def _openstack(side: Side) -> Iterator[Ingress]:
    if side.get("direction") == "ingress":
        first, last = number(side.get("port_range_min")), number(side.get("port_range_max"))
        ports = ALL_PORTS if not first or not last else (int(first), int(last))
        for cidr in values(side, "remote_ip_prefix"):
            yield Ingress(str(side.get("protocol") or "all").lower(), *ports, str(cidr))


def _oracle(side: Side) -> Iterator[Ingress]:
    """Protocols by number, ``6`` for TCP (docs.oracle.com/iaas/api, IngressSecurityRule)."""
    rules = _blocks(side.get("ingress_security_rules")) if "ingress_security_rules" in side else iter([side])
    for rule in rules:
        if rule.get("direction", "INGRESS") != "INGRESS":
            continue
        options = f"{_ORACLE.get(str(rule.get('protocol')), 'none')}_options"
        low = number(first(rule, f"{options}.min") or first(rule, f"{options}.destination_port_range.min"))
        high = number(first(rule, f"{options}.max") or first(rule, f"{options}.destination_port_range.max"))
        ports = ALL_PORTS if low is None or high is None else (int(low), int(high))
        for cidr in values(rule, "source"):
            yield Ingress(_ORACLE.get(str(rule.get("protocol")), "all"), *ports, str(cidr))


_ORACLE = {"6": "tcp", "17": "udp", "1": "icmp"}


def _lightsail(side: Side) -> Iterator[Ingress]:
    for block in _blocks(side.get("port_info")):
        yield from _amazon(block, ("cidrs", "ipv6_cidrs"))


def _azure_sql(side: Side) -> Iterator[Ingress]:
    """A range of addresses; 0.0.0.0 to 0.0.0.0 means everything in Azure, of any owner."""
    start, end = side.get("start_ip_address"), side.get("end_ip_address")
    if isinstance(start, str) and isinstance(end, str):
        try:
            low, high = int(ipaddress.IPv4Address(start)), int(ipaddress.IPv4Address(end))
        except ValueError:
            return
        wide = (high - low) >= 1 << 24 or low == high == 0
        yield Ingress("tcp", *_DATABASE_PORTS, "0.0.0.0/0" if wide else f"{start}-{end}")


_DATABASE_PORTS = (1433, 1433)
_SQL_FIREWALLS = (
    *("azurerm_mssql_firewall_rule", "azurerm_sql_firewall_rule", "azurerm_mysql_firewall_rule"),
    *("azurerm_mysql_flexible_server_firewall_rule", "azurerm_postgresql_firewall_rule"),
    *("azurerm_postgresql_flexible_server_firewall_rule", "azurerm_mariadb_firewall_rule"),
    *("azurerm_redis_firewall_rule", "azurerm_synapse_firewall_rule"),
)
_READERS: dict[str, Callable[[Side], Iterator[Ingress]]] = {
    "aws_security_group": _group,
    "aws_default_security_group": _group,
    "aws_security_group_rule": _group_rule,
    "aws_vpc_security_group_ingress_rule": partial(_amazon, sources=("cidr_ipv4", "cidr_ipv6")),
    "aws_ec2_managed_prefix_list": _prefixes,
    "aws_ec2_managed_prefix_list_entry": _prefixes,
    "google_compute_firewall": _google,
    "azurerm_network_security_rule": _azure,
    "azurerm_network_security_group": _azure_group,
    **dict.fromkeys(_SQL_FIREWALLS, _azure_sql),
    "aws_lightsail_instance_public_ports": _lightsail,
    "digitalocean_firewall": partial(
        _rules, block="inbound_rule", ports="port_range", sources=("source_addresses",)
    ),
    "hcloud_firewall": partial(
        _rules, block="rule", ports="port", sources=("source_ips",), only=("direction", ("in",))
    ),
    "linode_firewall": partial(
        _rules, block="inbound", ports="ports", sources=("ipv4", "ipv6"), only=("action", ("accept",))
    ),
    "scaleway_instance_security_group": partial(
        _rules, block="inbound_rule", ports="port", sources=("ip_range", "ip"), only=("action", ("accept",))
    ),
    "alicloud_security_group_rule": partial(
        _rules, block="", ports="port_range", sources=("cidr_ip", "ipv6_cidr_ip"), only=("type", ("ingress",))
    ),
    "openstack_networking_secgroup_rule": _openstack,
    "openstack_networking_secgroup_rule_v2": _openstack,
    "oci_core_security_list": _oracle,
    "oci_core_network_security_group_security_rule": _oracle,
}
TYPES = frozenset(_READERS)
WITH_PORTS = TYPES - {*_SQL_FIREWALLS, "aws_ec2_managed_prefix_list", "aws_ec2_managed_prefix_list_entry"}
"""The types that name ports; the others open a database's port, or all."""
