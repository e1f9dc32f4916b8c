"""CloudWatch alarms: those of all environments are read together and sorted by their name prefix."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from slipway.aws.clients import Aws
from slipway.console.documents import Document

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import MetricAlarmTypeDef


class AlarmState(Document):
    """A CloudWatch alarm: its name, its state and since when, and whether it sends notifications."""

    name: str
    """The alarm's name."""
    state: str
    """OK, ALARM or INSUFFICIENT_DATA."""
    since: datetime
    """When it entered that state."""
    notifies: bool
    """Whether its actions are enabled, and it has any: only then is a notification sent."""
    stops_releases: bool
    """Whether CodeDeploy stops deployments while it is in ALARM."""


def alarms(
    aws: Aws, common: str, prefixes: Mapping[str, str], stopping: Sequence[str] = ()
) -> dict[str, tuple[AlarmState, ...]]:
    """The alarms of each environment, sorted by name; alarms that the team added are included.

    common: the prefix of all alarm names. prefixes: the prefix of alarm names, by environment; if two match,
    the longer one counts (``my-app-eu-1-`` before ``my-app-eu-``). stopping: the names of the alarms that
    stop releases. Default: none.
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
    return {name: tuple(sorted(states, key=lambda alarm: alarm.name)) for name, states in found.items()}


def in_alarm(aws: Aws, names: Sequence[str]) -> tuple[str, ...]:
    """The names of those alarms that are in ALARM, sorted; composite alarms are included."""
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
    """Set an alarm's state until CloudWatch next evaluates it; if the state changes, its actions run."""
    aws.cloudwatch.set_alarm_state(
        AlarmName=alarm,
        StateValue=state,  # type: ignore[arg-type]  # a state that an alarm has, or ALARM
        StateReason="slipway tests whether notifications are sent",
    )


def actions_taken(aws: Aws, alarm: str) -> tuple[str, ...]:
    """CloudWatch's summaries of an alarm's actions, newest first: "Successfully executed …"."""
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
