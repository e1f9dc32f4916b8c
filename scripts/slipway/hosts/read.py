"""Reads the hosts of one environment from Auto Scaling, EC2 and CodeDeploy."""

from collections.abc import Iterable
from dataclasses import dataclass

from modules.config.names import EnvironmentNames, Names
from slipway.aws import codedeploy, hosts
from slipway.aws.clients import Aws
from slipway.aws.codedeploy import Deployment, DeploymentGroupState
from slipway.aws.hosts import InstanceRefresh, ScalingGroup
from slipway.console.errors import SlipwayError
from slipway.hosts.document import HostList, ListedHost


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """The hosts of an environment.

    deploying, refreshing: the deployment and the instance refresh in progress, None if there is none.
    """

    environment: str
    deployment_group: DeploymentGroupState
    scaling_group: ScalingGroup
    hosts: tuple[ListedHost, ...]
    deploying: Deployment | None
    refreshing: InstanceRefresh | None

    @property
    def listed(self) -> HostList:
        """The document that is shown."""
        return HostList(
            environment=self.environment,
            template=self.scaling_group.template,
            hosts=self.hosts,
            suspended=self.scaling_group.suspended,
            suspended_by_releases=self.deployment_group.suspends,
            refresh=self.refreshing.id if self.refreshing else "",
        )


def read(aws: Aws, names: Names, environment: EnvironmentNames) -> Fleet:
    """Read the current hosts. Raises SlipwayError if the environment's stack is not applied."""
    groups = codedeploy.deployment_groups(aws, names.application, [environment.deployment_group])
    group = groups.get(environment.deployment_group)
    found = hosts.scaling_groups(aws, group.auto_scaling_groups) if group else {}
    if group is None or not found:
        raise SlipwayError(
            f"{environment.environment} has no hosts: its stack is not applied",
            then=f"apply {environment.stack}",
        )
    (scaling,) = found.values()
    deployments = codedeploy.deployments(aws, names.application, group, codedeploy.one_succeeded)
    return Fleet(
        environment=environment.environment,
        deployment_group=group,
        scaling_group=scaling,
        hosts=tuple(sorted(_listed(aws, scaling), key=lambda host: (host.launched, host.id))),
        deploying=next((deployment for deployment in deployments if deployment.in_progress), None),
        refreshing=hosts.refresh_under_way(aws, scaling.name),
    )


def _listed(aws: Aws, group: ScalingGroup) -> Iterable[ListedHost]:
    launched = hosts.launches(aws, [instance.id for instance in group.instances])
    agents = hosts.agents(aws, group)
    for instance in group.instances:
        if instance.id in launched:  # it may have been terminated since
            yield ListedHost(
                id=instance.id,
                zone=instance.zone,
                lifecycle=instance.lifecycle,
                launched=launched[instance.id].at,
                image=launched[instance.id].image,
                template=instance.template,
                agent=agents.get(instance.template, ""),
                stale=group.is_stale(instance),
            )
