"""Looks at one environment: what each of its hosts runs, how it is, and what is remarkable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from modules.config.names import EnvironmentNames
from slipway.aws import codedeploy, hosts
from slipway.aws.clients import Aws
from slipway.aws.codedeploy import Deployment
from slipway.aws.revisions import Image, Images
from slipway.releases.groups import Group
from slipway.status import targets
from slipway.status.model import Alarm, Attempt, Environment, Host, Runs
from slipway.status.remarks import grouped, remarks
from slipway.status.targets import Deployed, Reached


@dataclass(frozen=True, kw_only=True)
class Common:
    """What was read for all environments at once.

    By deployment group, by Auto Scaling group, by target group's name, by environment.
    """

    groups: Mapping[str, Group]
    instances: Mapping[str, tuple[hosts.Instance, ...]]
    target_groups: Mapping[str, str]
    alarms: Mapping[str, tuple[Alarm, ...]]


class Look:
    """Looks at one environment after the other, in whichever thread."""

    def __init__(self, aws: Aws, application: str, images: Images, common: Common) -> None:
        self._codedeploy, self._elbv2 = aws.codedeploy, aws.elbv2
        self._application, self._images, self._common = application, images, common

    def at(self, names: EnvironmentNames) -> Environment:
        """An environment as it is now."""
        group = self._common.groups.get(names.deployment_group)
        if group is None:
            return _nothing(names.environment)
        deployments = codedeploy.read(
            self._codedeploy,
            application=self._application,
            group=group.name,
            since=group.newest or datetime.now(UTC),
            enough=codedeploy.one_succeeded,
        )
        release = next((each for each in deployments if each.succeeded and each.is_release), None)
        runs = self._runs(Reached(release, "", release.completed or release.created)) if release else None
        found = self._hosts(group, deployments, runs)
        watching, deploying = self._common.alarms[names.environment], self._under_way(deployments)
        return Environment(
            name=names.environment,
            applied=True,
            release=runs,
            deploying=deploying,
            hosts=found,
            hosts_differ=len(grouped(found)) > 1,
            healthy=sum(each.health == "healthy" for each in found),
            alarms=watching,
            remarks=tuple(remarks(runs, found, watching, deploying=deploying is not None)),
        )

    def _hosts(
        self, group: Group, deployments: Sequence[Deployment], release: Runs | None
    ) -> tuple[Host, ...]:
        present = [one for asg in group.auto_scaling_groups for one in self._common.instances.get(asg, ())]
        healths = self._healths(group)
        search = targets.Search(self._codedeploy, {each.id for each in present})
        deployed = search.through(deployments)
        return tuple(
            self._host(each, healths.get(each.id, hosts.Health("")), deployed[each.id], release)
            for each in sorted(present, key=lambda one: one.id)
        )

    def _host(
        self, instance: hosts.Instance, health: hosts.Health, deployed: Deployed, release: Runs | None
    ) -> Host:
        runs = self._runs(deployed.runs) if deployed.runs else None
        return Host(
            id=instance.id,
            zone=instance.zone,
            lifecycle=instance.lifecycle,
            health=health.state,
            health_reason=health.reason,
            runs=runs,
            newer=self._attempt(deployed.newer) if deployed.newer else None,
            drifted=bool(runs and release and runs.commit != release.commit),
        )

    def _healths(self, group: Group) -> Mapping[str, hosts.Health]:
        found: dict[str, hosts.Health] = {}
        for name in group.target_groups:
            if name in self._common.target_groups:
                found |= hosts.health(self._elbv2, self._common.target_groups[name])
        return found

    def _under_way(self, deployments: Sequence[Deployment]) -> Attempt | None:
        running = next((each for each in deployments if each.in_progress and each.is_release), None)
        return self._attempt(Reached(running, running.status, running.created)) if running else None

    def _runs(self, reached: Reached) -> Runs:
        image = self._image(reached.deployment)
        return Runs(
            commit=image.commit, digest=image.digest, deployment=reached.deployment.id, since=reached.at
        )

    def _attempt(self, reached: Reached) -> Attempt:
        return Attempt(
            deployment=reached.deployment.id,
            commit=self._image(reached.deployment).commit,
            status=reached.status,
            since=reached.at,
        )

    def _image(self, deployment: Deployment) -> Image:
        return self._images.read(deployment.location) if deployment.location else Image()


def _nothing(name: str) -> Environment:
    return Environment(
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
