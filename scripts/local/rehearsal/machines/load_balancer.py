"""A load balancer in front of hosts: haproxy, with a listener's routes and the settings of target groups.

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
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from local.rehearsal.machines import addresses, routes
from local.rehearsal.machines.programs import serving
from local.rehearsal.machines.routes import Route
from local.rehearsal.machines.target_group import TargetGroupSettings
from slipway.console.errors import SlipwayError

PROGRAMS = {"haproxy": "haproxy"}
POLL = 0.1  # seconds
DRAINING, MAINTENANCE = 8, 1  # bits of srv_admin_state: management guide of haproxy, "show servers state"
RUNNING = "2"
ANSWERS = (*range(200, 300), *range(400, 600))
"""The status codes that a fixed response can have (API_FixedResponseActionConfig)."""
NO_CONTENT = 204  # haproxy returns it only without a body
OWN, OF_A_SERVER = "0", "2"
"""Kinds of rows in haproxy's statistics: management guide of haproxy, "show stat"."""
NEW_VERSION = "New version created: "


@dataclass(frozen=True)
class BackendServer:
    """The state of a host in haproxy. in_a_row: its health counter, which rises with each check passed."""

    in_maintenance: bool
    draining: bool
    up: bool
    in_a_row: int


@dataclass(frozen=True)
class ControlSocket:
    """haproxy's control socket."""

    path: Path

    def order(self, words: str) -> None:
        """Gives an order. Raises SlipwayError if haproxy answers anything."""
        if answer := self.ask(words):
            raise SlipwayError(f"haproxy refused the command: {words}", why=answer)

    def ask(self, words: str) -> str:
        """What haproxy answers."""
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(5)
            control.connect(str(self.path))
            control.sendall(words.encode("ascii") + b"\n")
            return b"".join(iter(lambda: control.recv(65536), b"")).decode("ascii").strip()

    def table(self, words: str) -> list[dict[str, str]]:
        """The rows that haproxy answers as comma-separated values, after a line with their names."""
        return list(csv.DictReader(io.StringIO(self.ask(words).removeprefix("# "))))


@dataclass
class HaproxyTargets:
    """The hosts of one target group behind a running load balancer.

    drains: the longest time in seconds for which a host is drained. Default: the deregistration delay.
    """

    control: ControlSocket
    group: TargetGroupSettings
    drains: float = math.inf

    async def register(self, host: str) -> None:
        """Registers a host and waits until it is healthy and gets requests.

        Raises SlipwayError if it is not healthy within the time of as many checks as make a target unhealthy
        and then healthy again.
        """
        group = self.group
        patience = group.interval * (group.unhealthy + group.healthy) + group.timeout
        self._order(host, "state drain")  # checked, but gets no requests
        deadline = time.monotonic() + patience
        while not self._has_passed(host):
            if time.monotonic() > deadline:
                raise SlipwayError(
                    f"{host} is not healthy after {patience} s in the load balancer",
                    why=f"GET {group.health_path} does not return 200",
                    then="read the log of its container",
                )
            await asyncio.sleep(POLL)
        self._order(host, "state ready")

    async def deregister(self, host: str) -> None:
        """Stops new requests to a host and waits for the deregistration delay.

        A host that is deregistered already is not drained again.
        """
        if self.targets()[host].in_maintenance:
            return
        self._order(host, "state drain")
        await asyncio.sleep(min(self.drains, self.group.deregistration_delay))
        self._order(host, "state maint")

    def attach(self, host: str) -> None:
        """Registers a host on which nothing runs yet, as its Auto Scaling group does: it is unhealthy."""
        self._order(host, "state drain")
        self._order(host, "health down")
        self._order(host, "state ready")

    def targets(self) -> Mapping[str, BackendServer]:
        """The state of every host now, by its name."""
        lines = self.control.ask(f"show servers state {_backend(self.group.name)}").splitlines()[1:]
        table = csv.DictReader(io.StringIO("\n".join(lines).removeprefix("# ")), delimiter=" ")
        return {row["srv_name"]: _target(row) for row in table}

    def serving(self) -> list[str]:
        """The hosts that get requests."""
        return [name for name, target in self.targets().items() if target.up and not target.draining]

    def _has_passed(self, host: str) -> bool:
        """Whether the host has passed enough checks; haproxy starts it one short of them."""
        target = self.targets()[host]
        return target.up and target.in_a_row > self.group.healthy

    def _order(self, host: str, words: str) -> None:
        self.control.order(f"set server {_backend(self.group.name)}/{host} {words}")


@dataclass(frozen=True)
class HaproxyBalancer:
    """A running load balancer. It answers 503 until it gets routes.

    targets: by the names of their target groups.
    """

    address: str
    port: int
    control: ControlSocket
    map: Path
    targets: Mapping[str, HaproxyTargets] = field(default_factory=dict)

    def follow(self, listener: Iterable[Route]) -> None:
        """Routes requests as a listener does, from now on; open connections stay open.

        A route to a target group of which there are no hosts here answers 503.
        """
        version = self.control.ask(f"prepare map {self.map}").removeprefix(NEW_VERSION)
        self.control.order(f"add map @{version} {self.map} <<\n{routes.table(listener)}")
        self.control.order(f"commit map @{version} {self.map}")

    def own_errors(self) -> int:
        """How many 5xx responses were the load balancer's own so far: HTTPCode_ELB_5XX_Count."""
        return self._errors(OWN) - self._errors(OF_A_SERVER)

    def errors_of(self, target_group: str) -> int:
        """How many 5xx responses were those of a group's targets so far: HTTPCode_Target_5XX_Count."""
        return self._errors(OF_A_SERVER, _backend(target_group))

    def _errors(self, kind: str, proxy: str | None = None) -> int:
        rows = self.control.table("show stat")
        return sum(
            int(row["hrsp_5xx"] or 0)
            for row in rows
            if row["type"] == kind and proxy in (None, row["pxname"])
        )


@contextmanager
def load_balancer(
    directory: Path, address: str, hosts: Mapping[TargetGroupSettings, Mapping[str, int]]
) -> Iterator[HaproxyBalancer]:
    """A load balancer while the block runs, with no host registered and no route.

    hosts: their ports by name, for each target group.
    """
    directory.mkdir()
    (port,) = addresses.free_ports(address, 1)
    control = ControlSocket(directory / "control.sock")
    targets = {group.name: HaproxyTargets(control, group) for group in hosts}
    here = HaproxyBalancer(address, port, control, directory / "routes.map", targets)
    here.map.touch()
    settings = directory / "haproxy.cfg"
    settings.write_text(configuration(here, hosts), encoding="utf-8")
    with serving(
        ["haproxy", "-db", "-f", str(settings)],
        directory / "log",
        ready=lambda: addresses.accepts(address, port) and control.path.exists(),
    ):
        yield here


def configuration(here: HaproxyBalancer, hosts: Mapping[TargetGroupSettings, Mapping[str, int]]) -> str:
    """haproxy.cfg; idle connections stay open for 60 s, as with an Application Load Balancer."""
    return f"""\
global
  stats socket {here.control.path} mode 600 level admin
  spread-checks 0
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout http-keep-alive 60s
frontend listener
  bind {here.address}:{here.port}
  http-request set-var-fmt(txn.request) "%[req.hdr(host),field(1,:),lower]%[path]"
  http-request set-var(txn.action) var(txn.request),map_reg({here.map})
  use_backend {_backend("%[var(txn.action),field(2,|)]")} if {{ {_part(1)} -m str forward }}
  use_backend fixed-responses if {{ {_part(1)} -m str fixed }}
  default_backend no-targets
backend no-targets
backend fixed-responses
{_fixed_responses()}{"".join(_targets(here.address, group, ports) for group, ports in hosts.items())}"""


def _backend(target_group: str) -> str:
    """The name of a target group's backend in haproxy."""
    return f"targets-{target_group}"


def _part(number: int) -> str:
    """One part of what the map has for a request, as routes.py writes it."""
    return f"var(txn.action),field({number},|)"


def _fixed_responses() -> str:
    """Returns the status, type and body that the map has; haproxy takes a status only as a number."""
    body = f' content-type text/plain lf-string "%[{_part(4)},url_dec]"'
    return f"  http-after-response set-header content-type %[{_part(3)}]\n" + "".join(
        f"  http-request return status {status}{'' if status == NO_CONTENT else body}"
        f" if {{ {_part(2)} -m str {status} }}\n"
        for status in ANSWERS
    )


def _targets(address: str, group: TargetGroupSettings, hosts: Mapping[str, int]) -> str:
    """The backend of a target group, with its health check."""
    servers = "".join(f"  server {name} {address}:{port} disabled\n" for name, port in hosts.items())
    return f"""\
backend {_backend(group.name)}
  balance roundrobin
  retries 0
  timeout check {group.timeout}s
  option httpchk
  http-check send meth GET uri {group.health_path} ver HTTP/1.1 hdr Host {address}
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
