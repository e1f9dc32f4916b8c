"""Reads the status of one environment: its hosts, what each runs, its alarms, and remarks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from modules.config.names import EnvironmentNames
from slipway.aws import codedeploy
from slipway.aws.alarms import AlarmState
from slipway.aws.clients import Aws
from slipway.aws.codedeploy import Deployment, DeploymentGroupState
from slipway.aws.hosts import Instance, ScalingGroup, TargetHealth, health, scaling_activities
from slipway.aws.logs import last_words
from slipway.aws.revisions import RevisionImage, RevisionImages
from slipway.status.host_releases import HostReleases, HostReleaseSearch
from slipway.status.model import EnvironmentStatus, HostStatus, RunningRelease, UnfinishedDeployment
from slipway.status.remarks import grouped, remarks

USUAL_BOOT = timedelta(minutes=7)
"""How long a new host takes at most until it is in service, including its deployment."""


@dataclass(frozen=True, kw_only=True)
class EnvironmentReader:
    """Reads environments, one at each call, from several threads.

    What was read for all environments together: groups: deployment groups by name. scaling_groups: by name.
    target_groups: ARNs by name. alarms: by environment.
    """

    aws: Aws
    application: str
    shipped: RevisionImages
    groups: Mapping[str, DeploymentGroupState]
    scaling_groups: Mapping[str, ScalingGroup]
    target_groups: Mapping[str, str]
    alarms: Mapping[str, tuple[AlarmState, ...]]

    def read(self, names: EnvironmentNames) -> EnvironmentStatus:
        """Read the current status of an environment."""
        group = self.groups.get(names.deployment_group)
        if group is None:
            return _not_applied(names.environment)
        deployments = codedeploy.deployments(self.aws, self.application, group, codedeploy.one_succeeded)
        release = next(
            (deployment for deployment in deployments if deployment.succeeded and deployment.is_release), None
        )
        runs = self._runs(release, release.completed or release.created) if release else None
        found = self._hosts(group, deployments, runs)
        running = next(
            (deployment for deployment in deployments if deployment.in_progress and deployment.is_release),
            None,
        )
        alarms = self.alarms[names.environment]
        return EnvironmentStatus(
            name=names.environment,
            applied=True,
            release=runs,
            deploying=self._unfinished(running, running.status, running.created) if running else None,
            hosts=found,
            hosts_differ=len(grouped(found)) > 1,
            healthy=sum(host.health == "healthy" for host in found),
            alarms=alarms,
            remarks=(
                *self._launches(group, names.log_group("agent")),
                *self._left_suspended(group, deployments),
                *remarks(runs, found, alarms, deploying=running is not None),
            ),
        )

    def _scaling_groups(self, group: DeploymentGroupState) -> list[ScalingGroup]:
        return [
            self.scaling_groups[auto_scaling_group]
            for auto_scaling_group in group.auto_scaling_groups
            if auto_scaling_group in self.scaling_groups
        ]

    def _launches(self, group: DeploymentGroupState, log_group: str) -> Iterator[str]:
        for asg in group.auto_scaling_groups:
            found = scaling_activities(self.aws, asg)
            if found.failed is not None:
                last = last_words(self.aws, log_group, found.failed.instance)
                yield f"the last activity of Auto Scaling failed: {found.failed.why}{last}"
            for launch in found.waiting:
                if datetime.now(UTC) - launch.since > USUAL_BOOT:
                    yield (
                        f"{launch.instance} is not in service since its start at {launch.since:%H:%M} UTC:"
                        " its first boot, or the deployment to it, has not ended"
                        + last_words(self.aws, log_group, launch.instance)
                    )

    def _left_suspended(
        self, group: DeploymentGroupState, deployments: Sequence[Deployment]
    ) -> Iterator[str]:
        if not any(deployment.in_progress for deployment in deployments):
            for scaling_group in self._scaling_groups(group):
                if scaling_group.suspended:
                    yield ": ".join(scaling_group.left_suspended)

    def _hosts(
        self, group: DeploymentGroupState, deployments: Sequence[Deployment], release: RunningRelease | None
    ) -> tuple[HostStatus, ...]:
        scaling_groups = self._scaling_groups(group)
        present = [instance for asg in scaling_groups for instance in asg.instances]
        stale = {host.id for asg in scaling_groups for host in asg.instances if asg.is_stale(host)}
        healths: dict[str, TargetHealth] = {}
        for name in group.target_groups:
            if name in self.target_groups:
                healths |= health(self.aws, self.target_groups[name])
        releases = HostReleaseSearch(self.aws, {instance.id for instance in present}).through(deployments)
        return tuple(
            self._host(
                instance,
                healths.get(instance.id, TargetHealth("")),
                releases[instance.id],
                release,
                stale=instance.id in stale,
            )
            for instance in sorted(present, key=lambda instance: instance.id)
        )

    def _host(
        self,
        instance: Instance,
        health: TargetHealth,
        releases: HostReleases,
        release: RunningRelease | None,
        *,
        stale: bool,
    ) -> HostStatus:
        runs, newer = releases.runs, releases.newer
        running = self._runs(runs.deployment, runs.at) if runs else None
        return HostStatus(
            id=instance.id,
            zone=instance.zone,
            lifecycle=instance.lifecycle,
            health=health.state,
            health_reason=health.reason,
            runs=running,
            newer=self._unfinished(newer.deployment, newer.target.status, newer.at) if newer else None,
            drifted=bool(running and release and running.commit != release.commit),
            stale=stale,
        )

    def _runs(self, deployment: Deployment, at: datetime) -> RunningRelease:
        image = self._image(deployment)
        return RunningRelease(commit=image.commit, digest=image.digest, deployment=deployment.id, since=at)

    def _unfinished(self, deployment: Deployment, status: str, at: datetime) -> UnfinishedDeployment:
        commit = self._image(deployment).commit
        return UnfinishedDeployment(deployment=deployment.id, commit=commit, status=status, since=at)

    def _image(self, deployment: Deployment) -> RevisionImage:
        return self.shipped.read(deployment.revision) if deployment.revision else RevisionImage()


def _not_applied(name: str) -> EnvironmentStatus:
    return EnvironmentStatus(
        name=name,
        applied=False,
        release=None,
        deploying=None,
        hosts=(),
        hosts_differ=False,
        healthy=0,
        alarms=(),
        remarks=("its stack is not applied yet",),
    )
