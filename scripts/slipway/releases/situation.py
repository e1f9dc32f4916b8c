"""Reads what there is to know before an environment gets another release."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from modules.config.names import EnvironmentNames, Names
from slipway.aws import codepipeline
from slipway.aws.clients import Aws
from slipway.console.errors import SlipwayError
from slipway.releases import groups
from slipway.releases.plan import Situation
from slipway.releases.read import gather

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.client import CloudWatchClient


def read(aws: Aws, names: Names, environment: EnvironmentNames, *, also: str = "") -> Situation:
    """The situation now. also: the beginning of a commit that may be older than the newest releases."""
    found = groups.read(aws.codedeploy, names.application, [environment.deployment_group])
    if environment.deployment_group not in found:
        raise SlipwayError(
            f"there is no deployment group {environment.deployment_group} yet",
            then=f"apply its stack: cdktf deploy {environment.stack}",
        )
    return Situation(
        names=names,
        environment=environment,
        catalogue=gather(aws, names, [environment], also=also),
        alarms_on=alarms_on(aws.cloudwatch, found[environment.deployment_group].alarms),
        way_in=codepipeline.read_if_there(aws.codepipeline, names, environment.environment),
    )


def alarms_on(cloudwatch: "CloudWatchClient", names: Sequence[str]) -> tuple[str, ...]:
    """Which of the alarms are in ALARM, composite ones too."""
    if not names:
        return ()
    pages = cloudwatch.get_paginator("describe_alarms").paginate(
        AlarmNames=list(names), AlarmTypes=["MetricAlarm", "CompositeAlarm"]
    )
    return tuple(
        sorted(
            each["AlarmName"]
            for page in pages
            for each in (*page["MetricAlarms"], *page.get("CompositeAlarms", ()))
            if each["StateValue"] == "ALARM"
        )
    )
