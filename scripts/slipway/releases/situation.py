"""Reads what there is to know before an environment gets another release: each fact once."""

from slipway.aws import alarms, hosts
from slipway.aws.codepipeline import pipeline_state
from slipway.console.cdk import cdk
from slipway.console.errors import SlipwayError
from slipway.releases.plan import Situation
from slipway.releases.read import CatalogReader


def read(reader: CatalogReader, *, also: str = "") -> Situation:
    """The situation of the reader's one environment. also: the beginning of a commit that may be old."""
    (environment,) = reader.environments
    group = reader.groups.get(environment.deployment_group)
    if group is None:
        raise SlipwayError(
            f"there is no deployment group {environment.deployment_group} yet",
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
            sorted(one.id for each in scaling.values() for one in each.instances if each.is_stale(one))
        ),
    )
