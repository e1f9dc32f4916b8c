"""Shows hosts as a table, and remarks on them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from rich.text import Text

from slipway.console.ages import age
from slipway.console.shell import command_line
from slipway.console.tables import Rows
from slipway.hosts.document import ListedHost
from slipway.hosts.read import Fleet


def hosts(several: Iterable[ListedHost], now: datetime) -> Rows:
    """A table with a line for each host."""
    made = Rows("host", "zone", "age", "state", "image", "template", "agent", "stale")
    for host in several:
        made.add_row(
            host.id,
            host.zone[-2:],
            age(host.launched, now),
            Text(host.lifecycle, style="" if host.lifecycle == "InService" else "yellow"),
            host.image,
            host.template,
            host.agent or "?",
            Text("stale" if host.stale else "no", style="yellow" if host.stale else ""),
        )
    return made


def line(host: ListedHost, now: datetime) -> str:
    """One host as a line: age, template, and whether it is stale."""
    stale = ", stale" if host.stale else ""
    return f"{host.id}: {age(host.launched, now)} old, template {host.template}{stale}"


def remarks(fleet: Fleet) -> Iterator[str]:
    """Problems to look at, each with the command that helps."""
    env = ("--env", fleet.environment)
    stale = [host for host in fleet.hosts if host.stale]
    if stale:
        renew = command_line("slipway", "hosts", "renew", *env, "--stale")
        yield f"{len(stale)} of {len(fleet.hosts)} hosts are stale: {renew}"
    for host in fleet.hosts:
        if host.lifecycle.startswith("Pending"):
            yield f"{host.id} is not in service yet: {command_line('slipway', 'status', *env)} shows why"
    if fleet.refreshing:
        yield f"instance refresh {fleet.refreshing.id} is in progress: {fleet.refreshing.percent} %"
    if not fleet.deployment_group.suspends:
        protect = command_line("slipway", "hosts", "protect", *env)
        yield f"Auto Scaling may terminate a host during a release; to prevent it: {protect}"
    if fleet.scaling_group.suspended and fleet.deploying is None:
        yield ": ".join(fleet.scaling_group.left_suspended)
