"""Hosts as they are shown."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from rich.text import Text

from slipway.console.ages import age
from slipway.console.shell import command_line
from slipway.console.tables import Rows
from slipway.hosts.document import ListedHost
from slipway.hosts.read import Fleet


def hosts(several: Iterable[ListedHost], now: datetime) -> Rows:
    """A line for each host."""
    made = Rows("host", "zone", "age", "state", "image", "template", "agent", "stale")
    for each in several:
        made.add_row(
            each.id,
            each.zone[-2:],
            age(each.launched, now),
            Text(each.lifecycle, style="" if each.lifecycle == "InService" else "yellow"),
            each.image,
            each.template,
            each.agent or "?",
            Text("stale" if each.stale else "no", style="yellow" if each.stale else ""),
        )
    return made


def line(host: ListedHost, now: datetime) -> str:
    """One host in words."""
    stale = ", stale" if host.stale else ""
    return f"{host.id}: {age(host.launched, now)} old, template {host.template}{stale}"


def remarks(fleet: Fleet) -> Iterator[str]:
    """What somebody should look at."""
    env = ("--env", fleet.environment)
    stale = [host for host in fleet.hosts if host.stale]
    if stale:
        renew = command_line("slipway", "hosts", "renew", *env, "--stale")
        yield f"{len(stale)} of {len(fleet.hosts)} hosts are stale: {renew}"
    for host in fleet.hosts:
        if host.lifecycle.startswith("Pending"):
            yield f"{host.id} is not in service yet: {command_line('slipway', 'status', *env)} says why"
    if fleet.refreshing:
        yield f"instance refresh {fleet.refreshing.id} is under way: {fleet.refreshing.percent} %"
    if not fleet.deployment_group.suspends:
        protect = command_line("slipway", "hosts", "protect", *env)
        yield f"Auto Scaling may end a host in the middle of a release: {protect}"
    if fleet.scaling_group.suspended and fleet.deploying is None:
        yield ": ".join(fleet.scaling_group.left_suspended)
