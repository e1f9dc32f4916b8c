"""Hosts without a way out: their processes reach this machine's loopback addresses, their containers nothing.

On real hosts, routes and security groups see to that. Here the machine's packet filter refuses what a group
of processes sends elsewhere, and what comes from the bridges of their containers (``docker_bridge.Bridge``).
"""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.rehearsal.machines.host import Host
from local.rehearsal.machines.programs import attempt, run, undisturbed

FIRST, COUNT = 30_000, 30_000
"""The ids of groups that a rehearsal takes: no system's own, and within what containers usually map."""
OUTSIDE = ("192.0.2.1", 443)
"""An address that nobody has (RFC 5737): nothing answers, unless this machine refuses the connection."""
REFUSED = 3.0
"""Seconds within which a connection that this machine refuses has failed."""
IPV6 = Path("/proc/net/if_inet6")
PROBE = f"""
import socket, sys
for target in sys.argv[1:]:
    host, port = target.split(":")
    try:
        socket.create_connection((host, int(port)), timeout={REFUSED}).close()
    except TimeoutError:
        print(target, "is waited for")
    except OSError:
        continue
    else:
        print(target, "is reached")
"""


@contextmanager
def closed_group() -> Iterator[int]:
    """The id of a group whose processes reach loopback addresses only, while the block runs."""
    group = FIRST + os.getpid() % COUNT
    comment = ("-m", "comment", "--comment", f"slw{os.getpid():x}.{secrets.token_hex(2)}")
    owner = ("-m", "owner", "--gid-owner", str(group), *comment)
    rules = [("iptables", *owner, "!", "--destination", "127.0.0.0/8", "--jump", "REJECT")]
    if IPV6.exists() and IPV6.read_text(encoding="ascii").strip():
        rules.append(("ip6tables", *owner, "!", "--destination", "::1/128", "--jump", "REJECT"))
    try:
        for program, *rule in rules:
            run(program, "--wait", "--insert", "OUTPUT", *rule)
        yield group
    finally:
        with undisturbed():
            for program, *rule in rules:
                attempt(program, "--wait", "--delete", "OUTPUT", *rule)


def ways_out(host: Host) -> str:
    """What a process on a host, and its container, can connect to beyond the host; empty if nothing.

    They try an address of nobody's, and a server of this machine's on the bridge's address, which is there.
    """
    gateway = host.engine.docker(
        *("container", "inspect", "--format", "{{.NetworkSettings.Gateway}}", host.container)
    )
    process = host.engine.docker("container", "inspect", "--format", "{{.State.Pid}}", host.container)
    with socket.create_server((gateway, 0)) as server:
        port = server.getsockname()[1]
        socket.create_connection((gateway, port), timeout=REFUSED).close()  # it is there for who may
        targets = [f"{address}:{number}" for address, number in ((gateway, port), OUTSIDE)]
        probe = [sys.executable, "-I", "-c", PROBE, *targets]
        found = {
            "a process": _said(probe, host.group),
            "its container": _said(["nsenter", "--target", process, "--net", *probe], None),
        }
    return "; ".join(f"from {who} on {host.name}, {said}" for who, said in found.items() if said)


def _said(command: list[str], group: int | None) -> str:
    done = subprocess.run(command, group=group, capture_output=True, text=True, check=True)
    return ", ".join(done.stdout.splitlines())
