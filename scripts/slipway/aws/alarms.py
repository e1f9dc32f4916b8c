"""CloudWatch's alarms: those of every environment, read at once and told apart by their names."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from slipway.aws.clients import Aws
from slipway.console.documents import Document

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import MetricAlarmTypeDef


class AlarmState(Document):
    """A CloudWatch alarm: its name, its state and since when, and whether it notifies anybody."""

    name: str
    """Its name."""
    state: str
    """OK, ALARM or INSUFFICIENT_DATA."""
    since: datetime
    """When it came into that state."""
    notifies: bool
    """Whether its actions are enabled: whether anybody hears of it."""
    stops_releases: bool
    """Whether a deployment is stopped by it."""


def alarms(
    aws: Aws, common: str, prefixes: Mapping[str, str], stopping: Sequence[str] = ()
) -> dict[str, tuple[AlarmState, ...]]:
    """Alarms by environment: what begins with its prefix, those that a team added too.

    common: what all their names begin with. prefixes: of names, by environment; where two fit, the
    longer one is meant (``my-app-eu-1-`` before ``my-app-eu-``). stopping: those that stop releases.
    """
    found: dict[str, list[AlarmState]] = {prefix: [] for prefix in prefixes}
    pages = aws.cloudwatch.get_paginator("describe_alarms").paginate(
        AlarmNamePrefix=common, PaginationConfig={"PageSize": 100}
    )
    for page in pages:
        for metric_alarm in page["MetricAlarms"]:
            environment = _environment(metric_alarm["AlarmName"], prefixes)
            if environment is not None:
                found[environment].append(_parse(metric_alarm, stopping))
    return {name: tuple(sorted(each, key=lambda alarm: alarm.name)) for name, each in found.items()}


def in_alarm(aws: Aws, names: Sequence[str]) -> tuple[str, ...]:
    """Which of the alarms are in ALARM, composite ones too."""
    if not names:
        return ()
    pages = aws.cloudwatch.get_paginator("describe_alarms").paginate(
        AlarmNames=list(names), AlarmTypes=["MetricAlarm", "CompositeAlarm"]
    )
    return tuple(
        sorted(
            metric_alarm["AlarmName"]
            for page in pages
            for metric_alarm in (*page["MetricAlarms"], *page.get("CompositeAlarms", ()))
            if metric_alarm["StateValue"] == "ALARM"
        )
    )


def set_state(aws: Aws, alarm: str, state: str) -> None:
    """Put an alarm into a state until CloudWatch evaluates it again; its actions follow, if it changes."""
    aws.cloudwatch.set_alarm_state(
        AlarmName=alarm,
        StateValue=state,  # type: ignore[arg-type]  # a state that an alarm has, or ALARM
        StateReason="slipway tries whether anybody hears of it",
    )


def actions_taken(aws: Aws, alarm: str) -> tuple[str, ...]:
    """What CloudWatch says of each action that an alarm took, newest first: "Successfully executed …"."""
    pages = aws.cloudwatch.get_paginator("describe_alarm_history").paginate(
        AlarmName=alarm, HistoryItemType="Action", ScanBy="TimestampDescending"
    )
    return tuple(
        alarm_history_item.get("HistorySummary", "")
        for page in pages
        for alarm_history_item in page["AlarmHistoryItems"]
    )


def _environment(alarm: str, prefixes: Mapping[str, str]) -> str | None:
    fitting = [name for name, prefix in prefixes.items() if alarm.startswith(prefix)]
    return max(fitting, key=lambda name: len(prefixes[name]), default=None)


def _parse(alarm: "MetricAlarmTypeDef", stopping: Sequence[str]) -> AlarmState:
    return AlarmState(
        name=alarm["AlarmName"],
        state=alarm["StateValue"],
        since=alarm["StateUpdatedTimestamp"],
        notifies=alarm.get("ActionsEnabled", False) and bool(alarm.get("AlarmActions")),
        stops_releases=alarm["AlarmName"] in stopping,
    )
