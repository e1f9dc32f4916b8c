"""The differences between two states of a deployment, as lines to print. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from slipway.aws.codedeploy import FAILED, GONE, Deployment, DeploymentTarget, LifecycleEvent
from slipway.console.ages import duration
from slipway.console.printable import plain

LOGS_SHOWN = 3  # hosts whose log is shown; more hosts usually fail for the same reason
WATCHING = "AfterAllowTraffic"
"""The lifecycle event in which a host watches its release (scripts/watch.sh)."""
OVER = ("Succeeded", "Failed", "Skipped", "Unknown")


def carried_over(before: Deployment | None, now: Deployment) -> Deployment:
    """The new state, with status "gone" for hosts that CodeDeploy listed before and no longer lists."""
    if before is None:
        return now
    known = {target.id for target in now.targets}
    lost = tuple(replace(target, status=GONE) for target in before.targets if target.id not in known)
    return replace(now, targets=now.targets + lost)


def changes(before: Deployment | None, now: Deployment) -> Iterator[str]:
    """A line for each change; for everything if ``before`` is None.

    For the end of a deployment see ``summary``.
    """
    if before is None:
        yield f"{now.id}  {now.group}: {now.description or now.status}"
    earlier = {target.id: target for target in before.targets} if before else {}
    for host in now.targets:
        yield from _of_host(earlier.get(host.id), host)
    if not now.has_ended and (before is None or before.status != now.status):
        yield f"{now.id}  {now.status}"


def _of_host(before: DeploymentTarget | None, now: DeploymentTarget) -> Iterator[str]:
    events = {event.name: event for event in before.events} if before else {}
    for event in now.events:
        known = events.get(event.name)
        if (known is None or known.status != event.status) and event.status != "Pending":
            yield f"{now.id}  {_said(event)}"
    if before and before.status == now.status:
        return
    if now.status == GONE:
        yield f"{now.id}  is gone: it was terminated, or removed from the group"
    elif now.status in OVER:
        yield f"{now.id}  {now.status}"


def _said(event: LifecycleEvent) -> str:
    if event.status == "InProgress":
        return f"{event.name} …"
    took = f" ({event.seconds:.1f} s)" if event.seconds is not None else ""
    return f"{event.name}: {event.status}{took}"


def watched_for(
    host: DeploymentTarget, seconds: Mapping[str, int], group: str, now: datetime
) -> float | None:
    """For how many more seconds a host watches its release; None if it does not watch.

    seconds: how long hosts watch, by deployment group. In a rollback, hosts may stop watching earlier.
    """
    event = host.current
    if event is None or event.name != WATCHING or event.started is None or not seconds.get(group):
        return None
    return max(0.0, seconds[group] - (now - event.started).total_seconds())


def failures(deployment: Deployment) -> Iterator[str]:
    """Lines that say why a deployment failed, with the end of the log of each script that failed."""
    if deployment.error or deployment.error_code:
        yield f"{deployment.status}: {plain(deployment.error or deployment.error_code)}"
    failed = [target for target in deployment.targets if target.status == FAILED]
    for host in failed[:LOGS_SHOWN]:
        yield from _log(host)
    if len(failed) > LOGS_SHOWN:
        yield f"and {len(failed) - LOGS_SHOWN} more hosts failed"


def _log(host: DeploymentTarget) -> Iterator[str]:
    event = host.failed
    if event is None:
        yield f"{host.id} failed; CodeDeploy does not say in which event"
        return
    script = f", {event.script}" if event.script else ""
    yield f"{host.id} failed in {event.name}{script}: {plain(event.message) or 'no message'}"
    for line in event.log.splitlines():
        yield f"    {plain(line)}"


def summary(deployment: Deployment) -> str:
    """One line about how the deployment ended: status, duration, number of hosts."""
    total = len(deployment.targets)
    hosts = f": {deployment.count('Succeeded')} of {total} hosts" if total else ""
    if deployment.completed is None:
        return f"{deployment.id}  {deployment.status}{hosts}"
    seconds = (deployment.completed - deployment.created).total_seconds()
    return f"{deployment.id}  {deployment.status} in {duration(seconds)}{hosts}"
