"""A load balancer in front of the hosts: haproxy, with the settings of the environment's target group.

It behaves like an Application Load Balancer; AWS's page follows each rule:
- A target gets requests once it is registered and has passed one health check; a target that became
  unhealthy has to pass as many in a row as the target group's healthy threshold says.
  docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
- A deregistered target gets no new requests and finishes those in flight. It is draining until the
  deregistration delay is over, even if no request is in flight.
  docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
- A failed request is not sent to another target.
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
    """The state of a host in haproxy. in_a_row: its health counter, which rises with each check passed."""

    in_maintenance: bool
    draining: bool
    up: bool
    in_a_row: int


@dataclass
class HaproxyBalancer:
    """A running load balancer, its target group, and haproxy's control socket.

    drains: the longest time in seconds for which a host is drained. Default: the deregistration delay.
    """

    address: str
    port: int
    group: TargetGroupSettings
    control: Path
    drains: float = math.inf

    async def register(self, host: str) -> None:
        """Registers a host and waits until it is healthy and gets requests.

        Raises SlipwayError if it is not healthy within the time of as many checks as make a target unhealthy
        and then healthy again.
        """
        group = self.group
        patience = group.interval * (group.unhealthy + group.healthy) + group.timeout
        self._order(f"set server {BACKEND}/{host} state drain")  # checked, but gets no requests
        deadline = time.monotonic() + patience
        while not self._has_passed(host):
            if time.monotonic() > deadline:
                raise SlipwayError(
                    f"{host} is not healthy after {patience} s in the load balancer",
                    why=f"GET {group.health_path} does not return 200",
                    then="read the log of its container",
                )
            await asyncio.sleep(POLL)
        self._order(f"set server {BACKEND}/{host} state ready")

    async def deregister(self, host: str) -> None:
        """Stops new requests to a host and waits for the deregistration delay.

        A host that is deregistered already is not drained again.
        """
        if self.targets()[host].in_maintenance:
            return
        self._order(f"set server {BACKEND}/{host} state drain")
        await asyncio.sleep(min(self.drains, self.group.deregistration_delay))
        self._order(f"set server {BACKEND}/{host} state maint")

    def attach(self, host: str) -> None:
        """Registers a host on which nothing runs yet, as its Auto Scaling group does: it is unhealthy."""
        self._order(f"set server {BACKEND}/{host} state drain")
        self._order(f"set server {BACKEND}/{host} health down")
        self._order(f"set server {BACKEND}/{host} state ready")

    def targets(self) -> Mapping[str, BackendServer]:
        """The state of every host now, by its name."""
        lines = self._order(f"show servers state {BACKEND}").splitlines()[1:]
        table = csv.DictReader(io.StringIO("\n".join(lines).removeprefix("# ")), delimiter=" ")
        return {row["srv_name"]: _target(row) for row in table}

    def serving(self) -> list[str]:
        """The hosts that get requests."""
        return [name for name, target in self.targets().items() if target.up and not target.draining]

    def _has_passed(self, host: str) -> bool:
        """Whether the host has passed enough checks; haproxy starts it one short of them."""
        target = self.targets()[host]
        return target.up and target.in_a_row > self.group.healthy

    def _order(self, words: str) -> str:
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(5)
            control.connect(str(self.control))
            control.sendall(words.encode("ascii") + b"\n")
            answer = b"".join(iter(lambda: control.recv(65536), b"")).decode("ascii").strip()
        if answer and not words.startswith("show"):
            raise SlipwayError(f"haproxy refused the command: {words}", why=answer)
        return answer


@contextmanager
def load_balancer(
    directory: Path, address: str, group: TargetGroupSettings, hosts: Mapping[str, int]
) -> Iterator[HaproxyBalancer]:
    """A load balancer while the block runs, with no host registered. hosts: their ports by name."""
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
    """haproxy.cfg; idle connections stay open for 60 s, as with an Application Load Balancer."""
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
