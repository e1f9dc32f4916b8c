"""Problems in an environment, each as a sentence. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from slipway.aws.alarms import AlarmState
from slipway.console.shell import command_line
from slipway.status.model import HostStatus, RunningRelease, UnfinishedDeployment

SHORT = 12  # characters of a commit


def short(commit: str) -> str:
    """The first 12 characters of a commit; "unknown" if it is empty."""
    return commit[:SHORT] or "unknown"


def remarks(
    release: RunningRelease | None,
    hosts: Sequence[HostStatus],
    alarms: Sequence[AlarmState],
    *,
    deploying: bool,
) -> Iterator[str]:
    """The remarks, the most serious first. deploying: whether hosts may differ, because a deployment runs."""
    if not hosts:
        yield "there are no hosts"
    if release is None:
        yield ("nothing was deployed yet" if not _anything(hosts) else "no deployment has succeeded yet")
    if not deploying:
        yield from _differences(hosts)
    for host in hosts:
        yield from _of_host(host, None if deploying else release)
    yield from _stale(hosts)
    for alarm in alarms:
        if not alarm.notifies:
            yield f"the alarm {alarm.name} has no enabled actions"


def _stale(hosts: Sequence[HostStatus]) -> Iterator[str]:
    stale = [host.id for host in hosts if host.stale and not is_leaving(host)]
    if stale:
        yield (
            f"{', '.join(stale)}: started from an older launch template;"
            " later changes of the hosts' settings reach them when they are renewed"
        )


def _anything(hosts: Sequence[HostStatus]) -> bool:
    return any(host.newer for host in hosts)


def _differences(hosts: Sequence[HostStatus]) -> Iterator[str]:
    by_commit = grouped(hosts)
    if len(by_commit) > 1:
        parts = [f"{short(commit)} on {', '.join(ids)}" for commit, ids in by_commit.items()]
        yield f"hosts differ: {'; '.join(parts)}"


def grouped(hosts: Sequence[HostStatus]) -> Mapping[str, Sequence[str]]:
    """Ids of the hosts by the commit that they run; without hosts that are being terminated."""
    found: dict[str, list[str]] = {}
    for host in hosts:
        if host.runs is not None and not is_leaving(host):
            found.setdefault(host.runs.commit, []).append(host.id)
    return found


def is_leaving(host: HostStatus) -> bool:
    """Whether Auto Scaling is terminating it."""
    return host.lifecycle.startswith("Terminat")


def _of_host(host: HostStatus, release: RunningRelease | None) -> Iterator[str]:
    if is_leaving(host):
        yield f"{host.id} is being terminated ({host.lifecycle})"
        return
    if host.drifted and host.runs and release:
        yield (
            f"{host.id} runs {short(host.runs.commit)}, not {short(release.commit)}"
            f" of {release.deployment}, the last successful deployment"
        )
    if host.runs is None and release is not None:
        yield f"{host.id}: no successful deployment found"
    if host.newer is not None and host.newer.status == "Failed":
        yield f"{host.newer.deployment} failed on {host.id}: {_look(host.newer)}"
    if host.health == "unhealthy":
        yield f"{host.id} is unhealthy{f': {host.health_reason}' if host.health_reason else ''}"


def _look(attempt: UnfinishedDeployment) -> str:
    return f"{command_line('slipway', 'watch', attempt.deployment)} shows why"
