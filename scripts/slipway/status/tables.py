"""The tables of a status: environments, their hosts, the pipeline's stages."""

from collections.abc import Iterable
from datetime import datetime

from rich.text import Text

from slipway.aws.alarms import AlarmState
from slipway.console.ages import age
from slipway.console.tables import Rows
from slipway.status.model import EnvironmentStatus, HostStatus, StageStatus
from slipway.status.remarks import short

STYLES = {
    "healthy": "green",
    "unhealthy": "bold red",
    "Succeeded": "green",
    "Failed": "bold red",
    "InProgress": "cyan",
}


def environments(several: Iterable[EnvironmentStatus], now: datetime) -> Rows:
    """A table with a line for each environment."""
    made = Rows("environment", "release", "age", "healthy hosts", "alarms")
    for environment in several:
        release = environment.release
        made.add_row(
            environment.name,
            short(release.commit) if release else "-",
            age(release.since, now) if release else "",
            _healthy(environment),
            _alarms(environment.alarms),
        )
    return made


def _healthy(environment: EnvironmentStatus) -> Text:
    if not environment.applied:
        return Text("not applied", style="dim")
    whole = environment.healthy == len(environment.hosts) and environment.hosts
    said = f"{environment.healthy} of {len(environment.hosts)}"
    if environment.hosts_differ:
        return Text(f"{said}, differ", style="bold yellow")
    return Text(said, style="green" if whole else "bold red")


def _alarms(alarms: tuple[AlarmState, ...]) -> Text:
    on = [alarm for alarm in alarms if alarm.state == "ALARM"]
    if not alarms:
        return Text("-", style="dim")
    return Text(f"{len(on)} in ALARM", style="bold red") if on else Text("quiet", style="green")


def hosts(several: Iterable[HostStatus], now: datetime) -> Rows:
    """A table with a line for each host of an environment."""
    made = Rows("host", "zone", "release", "image", "age", "health", indent=2)
    for host in several:
        runs = host.runs
        made.add_row(
            host.id,
            host.zone[-2:],
            Text(short(runs.commit) if runs else "none known", style="yellow" if host.drifted else ""),
            runs.digest.removeprefix("sha256:")[:12] if runs else "",
            age(runs.since, now) if runs else "",
            Text(
                f"{host.health or '-'}{', stale' if host.stale else ''}",
                style="yellow" if host.stale else STYLES.get(host.health, "yellow"),
            ),
        )
    return made


def stages(several: Iterable[StageStatus], now: datetime) -> Rows:
    """A table with a line for each stage of the pipeline."""
    made = Rows("stage", "status", "commit", "age")
    for stage in several:
        status = Text(stage.status or "never ran", style=STYLES.get(stage.status, "dim"))
        made.add_row(stage.name, status, stage.commit[:12], age(stage.since, now))
    return made
