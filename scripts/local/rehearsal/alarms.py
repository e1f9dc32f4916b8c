"""Whether every alarm still reaches the people: its actions are on, and go to the topic."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.client import CloudWatchClient


def silenced(cloudwatch: "CloudWatchClient", topic_arn: str) -> list[str]:
    """The alarms that would go off unheard; a word for it if there is no alarm at all."""
    pages = cloudwatch.get_paginator("describe_alarms").paginate()
    alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]
    unheard = [
        alarm["AlarmName"]
        for alarm in alarms
        if not (alarm["ActionsEnabled"] and topic_arn in alarm["AlarmActions"])
    ]
    return unheard if alarms else ["there is no alarm"]
