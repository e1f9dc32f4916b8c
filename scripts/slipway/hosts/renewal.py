"""Renews hosts through Auto Scaling: an instance refresh for all, or setting single hosts unhealthy.

The group's instance maintenance policy starts a new host before the old one is terminated, and CodeDeploy's
lifecycle hook keeps a new host out of service until it is deployed to. Auto Scaling does all the work; this
module only polls it. So an interruption changes nothing, and the same command continues to follow.
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

LOOK = 10.0  # seconds between two polls
PATIENCE = 45 * 60  # seconds for one host (start, deployment, draining), or for a refresh without progress
HEALTHY = "InService"


@dataclass
class HostRenewals:
    """Renews the hosts of one group. say: prints a line. clock, sleep: in seconds; tests replace them."""

    aws: Aws
    fleet: Fleet
    say: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    @property
    def group(self) -> str:
        """The name of the Auto Scaling group."""
        return self.fleet.scaling_group.name

    def requests(self, chosen: Sequence[ListedHost], *, every: bool) -> list[Request]:
        """The requests that start the renewal: one for all hosts, or one for each chosen host."""
        if every:
            return [hosts.start_refresh(self.group)]
        return [hosts.set_unhealthy(host.id) for host in chosen]

    def refresh(self, request: Request) -> InstanceRefresh:
        """Replace every host. If an instance refresh is in progress, follow it and start none."""
        running = self.fleet.refreshing
        if running is None:
            id_ = str(request.send(self.aws)["InstanceRefreshId"])
            self.say(f"started instance refresh {id_}")
        else:
            id_ = running.id
            self.say(f"following instance refresh {id_}, which is in progress")
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
                f"instance refresh {id_} ended with status {found.status}",
                why=found.why,
                then="hosts that were not replaced still serve; slipway status shows them",
            )
        return found

    def replace(self, host: ListedHost, request: Request) -> None:
        """Replace one host, and wait until a new one is in service and the old one is terminated."""
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
        """What is still missing, for the user; "" if the host is replaced."""
        present = {instance.id: instance.lifecycle for instance in self._instances()}
        new = [id_ for id_, lifecycle in present.items() if id_ not in before and lifecycle == HEALTHY]
        if not new:
            started = [id_ for id_ in present if id_ not in before]
            return f"waiting until {started[0]} is in service" if started else "waiting for a new host"
        return "waiting until it is terminated" if host.id in present else ""

    def _instances(self) -> Sequence[hosts.Instance]:
        return hosts.scaling_groups(self.aws, [self.group])[self.group].instances

    def _wait(self, began: float, words: str) -> None:
        if self.clock() - began > PATIENCE:
            raise SlipwayError(
                f"no progress in {duration(PATIENCE)}: {words}",
                then="slipway status shows why a host does not start or is not deployed to",
            )
        try:
            self.sleep(LOOK)
        except KeyboardInterrupt:
            self.say("stopped watching; Auto Scaling continues. The same command follows it again.")
            raise


def require_quiet(fleet: Fleet) -> None:
    """Raise SlipwayError if a deployment is in progress: it would fail if a host is terminated."""
    if fleet.deploying:
        raise SlipwayError(
            f"the deployment {fleet.deploying.id} is in progress in {fleet.environment}",
            why="hosts cannot be replaced during a deployment",
            then=f"wait for its end: {command_line('slipway', 'watch', fleet.deploying.id)}",
        )
