"""The network of a private Docker engine: its own bridge, with NAT for what builds download, or closed.

The engine runs with ``--iptables=false``: otherwise it would flush the chains of another engine on this
machine and leave its own behind. Docker's proxy publishes the ports.
"""

import fcntl
import ipaddress
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.rehearsal.machines.programs import attempt, run, undisturbed
from slipway.console.errors import SlipwayError

FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")
FORWARDED = Path("/run/lock/slipway-forwarding")
POOL = ipaddress.IPv4Network("10.0.0.0/8")


@dataclass(frozen=True)
class Bridge:
    """A bridge and its network; the bridge has the network's first address.

    way_out: whether containers can open connections: to other machines, and to this one.
    """

    name: str
    network: ipaddress.IPv4Network
    way_out: bool = True

    @property
    def address(self) -> str:
        """The bridge's own address with the length of the network's prefix."""
        return f"{self.network[1]}/{self.network.prefixlen}"

    @property
    def rules(self) -> tuple[tuple[str, ...], ...]:
        """The iptables rules that let containers out, or do not: table, chain, and the rule's arguments."""
        if not self.way_out:
            new = ("-p", "tcp", "--syn")  # answers to whom this machine's proxy connects are let through
            return (
                ("filter", "FORWARD", "-i", self.name, "-j", "REJECT"),
                ("filter", "INPUT", "-i", self.name, *new, "-j", "REJECT"),
                ("filter", "INPUT", "-i", self.name, "-p", "udp", "-j", "REJECT"),
            )
        masquerade = ("-s", str(self.network), "!", "-o", self.name, "-j", "MASQUERADE")
        return (
            ("nat", "POSTROUTING", *masquerade),
            ("filter", "FORWARD", "-i", self.name, "-j", "ACCEPT"),
            ("filter", "FORWARD", "-o", self.name, "-j", "ACCEPT"),
        )


@contextmanager
def bridge(*, way_out: bool = True) -> Iterator[Bridge]:
    """A bridge with NAT, or closed, while the block runs; bridge and rules are removed when it ends."""
    made = Bridge(f"slw{os.getpid():x}.{secrets.token_hex(2)}", _unused_network(), way_out)
    try:
        run("ip", "link", "add", "name", made.name, "type", "bridge")
        run("ip", "address", "add", made.address, "dev", made.name)
        run("ip", "link", "set", made.name, "up")
        for table, chain, *rule in made.rules:
            run("iptables", "--wait", "--table", table, "--insert", chain, *rule)
        with _forwarding():
            yield made
    finally:
        with undisturbed():
            for table, chain, *rule in made.rules:
                attempt("iptables", "--wait", "--table", table, "--delete", chain, *rule)
            attempt("ip", "link", "delete", made.name)


@contextmanager
def _forwarding() -> Iterator[None]:
    """Enables IP forwarding while the block runs; the last rehearsal to end restores the previous setting."""
    with FORWARDED.open("a+", encoding="ascii") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        users.seek(0)
        before = users.read() or FORWARDING.read_text(encoding="ascii")
        FORWARDED.write_text(before, encoding="ascii")
        FORWARDING.write_text("1\n", encoding="ascii")
        try:
            yield
        finally:
            with undisturbed():
                _set_back(users.fileno(), before)


def _set_back(users: int, before: str) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # another rehearsal still needs forwarding, and restores the setting when it ends
    FORWARDING.write_text(before, encoding="ascii")
    FORWARDED.unlink(missing_ok=True)


def _unused_network() -> ipaddress.IPv4Network:
    """A network of 254 addresses that no route covers; the process id decides where the search begins."""
    used = [_network(route["dst"]) for route in json.loads(run("ip", "-json", "-4", "route"))]
    blocks = 1 << (24 - POOL.prefixlen)
    for number in range(blocks):
        base = int(POOL.network_address) + (((os.getpid() + number) % blocks) << 8)
        candidate = ipaddress.IPv4Network((base, 24))
        if not any(network.prefixlen and network.overlaps(candidate) for network in used):
            return candidate
    raise SlipwayError(f"no network in {POOL} is free for containers", why="existing routes cover all of it")


def _network(destination: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network("0.0.0.0/0" if destination == "default" else destination)
