"""Renews hosts by Auto Scaling's own means: an instance refresh of all, or one unhealthy host after another.

The group's instance maintenance policy says that a new host is in service before the old one ends, and
CodeDeploy's lifecycle hook that a new host is in service only once it is deployed to. Every step is Auto
Scaling's; here it is asked how far it is. So whoever is interrupted changes nothing, and can go on looking.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from slipway.aws import hosts
from slipway.aws.clients import Aws
from slipway.aws.hosts import InstanceRefresh
from slipway.aws.requests import Request
from slipway.console.ages import duration
from slipway.console.errors import SlipwayError
from slipway.console.shell import command_line
from slipway.hosts.document import ListedHost
from slipway.hosts.read import Fleet

LOOK = 10.0  # seconds between two looks
PATIENCE = 45 * 60  # seconds that one host may take: start, deployment, draining
HEALTHY = "InService"


@dataclass
class HostRenewals:
    """Renews the hosts of one group. say: is told what is new. clock, sleep: tests give their own."""

    aws: Aws
    fleet: Fleet
    say: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    @property
    def group(self) -> str:
        """The Auto Scaling group's name."""
        return self.fleet.scaling_group.name

    def requests(self, chosen: Sequence[ListedHost], *, every: bool) -> list[Request]:
        """The calls that begin it: one for all, or one for each host."""
        if every:
            return [hosts.start_refresh(self.group)]
        return [hosts.set_unhealthy(each.id) for each in chosen]

    def refresh(self, request: Request) -> InstanceRefresh:
        """Replace every host; an instance refresh that is under way is followed, and none is begun."""
        running = self.fleet.refreshing
        if running is None:
            id_ = str(request.send(self.aws)["InstanceRefreshId"])
            self.say(f"started instance refresh {id_}")
        else:
            id_ = running.id
            self.say(f"instance refresh {id_} is under way: following it")
        return self._follow(id_)

    def _follow(self, id_: str) -> InstanceRefresh:
        began, said = self.clock(), ""
        while True:
            found = hosts.refresh(self.aws, self.group, id_)
            words = f"{found.percent} % ({found.status})" + (f": {found.why}" if found.why else "")
            if words != said:
                self.say(words)
                said, began = words, self.clock()
            if found.has_ended:
                break
            self._wait(began, words)
        if found.status != "Successful":
            raise SlipwayError(
                f"instance refresh {id_} ended as {found.status}",
                why=found.why,
                then="hosts that were not replaced serve as before; slipway status shows them",
            )
        return found

    def replace(self, host: ListedHost, request: Request) -> None:
        """Replace one host, and wait until another is in service in its place."""
        before = {instance.id for instance in self._instances() if instance.lifecycle == HEALTHY}
        request.send(self.aws)
        self.say(f"{host.id}: set unhealthy; Auto Scaling replaces it")
        began, said = self.clock(), ""
        while words := self._missing(host, before):
            if words != said:
                self.say(f"{host.id}: {words}")
                said = words
            self._wait(began, words)
        self.say(f"{host.id}: replaced in {duration(self.clock() - began)}")

    def _missing(self, host: ListedHost, before: set[str]) -> str:
        """What is still waited for; "" if another host has taken its place."""
        present = {instance.id: instance.lifecycle for instance in self._instances()}
        new = [each for each, lifecycle in present.items() if each not in before and lifecycle == HEALTHY]
        if not new:
            started = [each for each in present if each not in before]
            return f"waiting until {started[0]} is in service" if started else "waiting for a new host"
        return "waiting until it has ended" if host.id in present else ""

    def _instances(self) -> Sequence[hosts.Instance]:
        return hosts.scaling_groups(self.aws, [self.group])[self.group].instances

    def _wait(self, began: float, words: str) -> None:
        if self.clock() - began > PATIENCE:
            raise SlipwayError(
                f"nothing new in {duration(PATIENCE)}: {words}",
                then="slipway status says why a host does not start or is not deployed to",
            )
        try:
            self.sleep(LOOK)
        except KeyboardInterrupt:
            self.say("Auto Scaling goes on; the same command follows it")
            raise


def require_quiet(fleet: Fleet) -> None:
    """Raise SlipwayError while a deployment is under way: a host could end in the middle of it."""
    if fleet.deploying:
        raise SlipwayError(
            f"{fleet.deploying.id} deploys to {fleet.environment}",
            why="a host must not be replaced in the middle of a deployment",
            then=f"wait for its end: {command_line('slipway', 'watch', fleet.deploying.id)}",
        )
