"""A real load balancer in front of the hosts: haproxy, told what CodeDeploy tells a target group.

What an Application Load Balancer does, and where AWS says so:
- A target takes requests once it is registered and has passed one health check; one that was found
  unhealthy has to pass as many in a row as the target group says.
  docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
- A target that is deregistered gets no new requests, may finish those under way, and counts as draining
  until the deregistration delay is over, even if it has nothing left to do.
  docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
- No request is tried again with another target.
"""

import asyncio
import csv
import io
import math
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.rehearsal.machines import addresses
from local.rehearsal.machines.programs import serving
from local.rehearsal.machines.target_group import TargetGroupSettings
from slipway.console.errors import SlipwayError

PROGRAMS = {"haproxy": "haproxy"}
POLL = 0.1  # seconds
BACKEND = "hosts"
DRAINING, MAINTENANCE = 8, 1  # bits of srv_admin_state: management guide of haproxy, "show servers state"
RUNNING = "2"


@dataclass(frozen=True)
class BackendServer:
    """What the load balancer knows of a host. in_a_row: health checks passed, and a little more or less."""

    in_maintenance: bool
    draining: bool
    up: bool
    in_a_row: int


@dataclass
class HaproxyBalancer:
    """A running load balancer, its target group, and the socket on which it takes orders.

    drains: for how many seconds a host is drained at most. Default: the target group's delay.
    """

    address: str
    port: int
    group: TargetGroupSettings
    control: Path
    drains: float = math.inf

    async def register(self, host: str) -> None:
        """Lets a host in: it gets requests once it is healthy; returns then.

        Raises SlipwayError if it is not healthy after the checks that it takes to be found unhealthy,
        and as many again as it takes to be found healthy.
        """
        group = self.group
        patience = group.interval * (group.unhealthy + group.healthy) + group.timeout
        self._order(f"set server {BACKEND}/{host} state drain")  # is checked, gets nothing
        deadline = time.monotonic() + patience
        while not self._has_passed(host):
            if time.monotonic() > deadline:
                raise SlipwayError(
                    f"the load balancer does not find {host} healthy after {patience} s",
                    why=f"{group.health_path} does not answer 200",
                    then="see the log of its container",
                )
            await asyncio.sleep(POLL)
        self._order(f"set server {BACKEND}/{host} state ready")

    async def deregister(self, host: str) -> None:
        """Takes a host out: no new requests; returns once the deregistration delay is over.

        One that is out already does not drain again.
        """
        if self.targets()[host].in_maintenance:
            return
        self._order(f"set server {BACKEND}/{host} state drain")
        await asyncio.sleep(min(self.drains, self.group.deregistration_delay))
        self._order(f"set server {BACKEND}/{host} state maint")

    def attach(self, host: str) -> None:
        """Registers a host on which nothing runs yet, as its Auto Scaling group does: it is not healthy."""
        self._order(f"set server {BACKEND}/{host} state drain")
        self._order(f"set server {BACKEND}/{host} health down")
        self._order(f"set server {BACKEND}/{host} state ready")

    def targets(self) -> Mapping[str, BackendServer]:
        """Every host, as the load balancer sees it now."""
        lines = self._order(f"show servers state {BACKEND}").splitlines()[1:]
        table = csv.DictReader(io.StringIO("\n".join(lines).removeprefix("# ")), delimiter=" ")
        return {row["srv_name"]: _target(row) for row in table}

    def serving(self) -> list[str]:
        """The hosts that get requests."""
        return [name for name, target in self.targets().items() if target.up and not target.draining]

    def _has_passed(self, host: str) -> bool:
        """It begins as if it were about to be healthy; a check that fails takes it all the way down."""
        target = self.targets()[host]
        return target.up and target.in_a_row > self.group.healthy

    def _order(self, words: str) -> str:
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(5)
            control.connect(str(self.control))
            control.sendall(words.encode("ascii") + b"\n")
            answer = b"".join(iter(lambda: control.recv(65536), b"")).decode("ascii").strip()
        if answer and not words.startswith("show"):
            raise SlipwayError(f"the load balancer refuses: {words}", why=answer)
        return answer


@contextmanager
def load_balancer(
    directory: Path, address: str, group: TargetGroupSettings, hosts: Mapping[str, int]
) -> Iterator[HaproxyBalancer]:
    """A load balancer while the block runs; none of the hosts is registered. hosts: their ports by name."""
    directory.mkdir()
    (port,) = addresses.free_ports(address, 1)
    here = HaproxyBalancer(address, port, group, directory / "control.sock")
    settings = directory / "haproxy.cfg"
    settings.write_text(configuration(here, hosts), encoding="utf-8")
    with serving(
        ["haproxy", "-db", "-f", str(settings)],
        directory / "log",
        ready=lambda: addresses.accepts(address, port) and here.control.exists(),
    ):
        yield here


def configuration(here: HaproxyBalancer, hosts: Mapping[str, int]) -> str:
    """What haproxy is told; it keeps idle connections for 60 s, as an Application Load Balancer does."""
    group = here.group
    servers = "".join(f"  server {name} {here.address}:{port} disabled\n" for name, port in hosts.items())
    return f"""\
global
  stats socket {here.control} mode 600 level admin
  spread-checks 0
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout http-keep-alive 60s
  timeout check {group.timeout}s
frontend listener
  bind {here.address}:{here.port}
  default_backend {BACKEND}
backend {BACKEND}
  balance roundrobin
  retries 0
  option httpchk
  http-check send meth GET uri {group.health_path} ver HTTP/1.1 hdr Host {here.address}
  http-check expect status 200
  default-server check inter {group.interval}s rise {group.healthy} fall {group.unhealthy}
{servers}"""


def _target(row: Mapping[str, str]) -> BackendServer:
    state = int(row["srv_admin_state"])
    return BackendServer(
        in_maintenance=bool(state & MAINTENANCE),
        draining=bool(state & DRAINING),
        up=row["srv_op_state"] == RUNNING,
        in_a_row=int(row["srv_check_health"]),
    )
