"""Reads the state of an environment before another release is deployed to it."""

from slipway.aws import alarms, hosts
from slipway.aws.codepipeline import pipeline_state
from slipway.console.cdk import cdk
from slipway.console.errors import SlipwayError
from slipway.releases.plan import Situation
from slipway.releases.read import CatalogReader


def read(reader: CatalogReader, *, also: str = "") -> Situation:
    """Read the state of the reader's only environment. also: the beginning of an older commit to include."""
    (environment,) = reader.environments
    group = reader.groups.get(environment.deployment_group)
    if group is None:
        raise SlipwayError(
            f"the deployment group {environment.deployment_group} does not exist",
            then=f"apply its stack: {cdk('deploy', '*')}",
        )
    scaling = hosts.scaling_groups(reader.aws, group.auto_scaling_groups)
    pipeline = pipeline_state(reader.aws, reader.names.delivery_pipeline)
    return Situation(
        names=reader.names,
        environment=environment,
        catalog=reader.read(also=also),
        in_alarm=alarms.in_alarm(reader.aws, group.alarms),
        stage=pipeline.stages.get(environment.environment) if pipeline else None,
        stale_hosts=tuple(
            sorted(
                instance.id
                for scaling_group in scaling.values()
                for instance in scaling_group.instances
                if scaling_group.is_stale(instance)
            )
        ),
    )
