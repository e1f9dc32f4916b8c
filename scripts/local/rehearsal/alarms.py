"""Checks that every alarm still notifies: its actions are enabled, and go to the SNS topic."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.client import CloudWatchClient


def silenced(cloudwatch: "CloudWatchClient", topic_arn: str) -> list[str]:
    """The names of the alarms that would not notify the topic.

    If there are no alarms at all, the one entry says so.
    """
    pages = cloudwatch.get_paginator("describe_alarms").paginate()
    alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]
    unheard = [
        alarm["AlarmName"]
        for alarm in alarms
        if not (alarm["ActionsEnabled"] and topic_arn in alarm["AlarmActions"])
    ]
    return unheard if alarms else ["there are no alarms"]
