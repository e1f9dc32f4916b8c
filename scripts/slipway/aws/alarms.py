"""The alarms of every environment, read at once and told apart by their names."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from slipway.status.model import Alarm

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.client import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricAlarmTypeDef


def read(
    cloudwatch: "CloudWatchClient", common: str, prefixes: Mapping[str, str], stopping: Sequence[str]
) -> dict[str, tuple[Alarm, ...]]:
    """Alarms by environment: what begins with its prefix, those that a team added too.

    common: what all their names begin with. prefixes: of names, by environment; where two fit, the
    longer one is meant (``my-app-eu-1-`` before ``my-app-eu-``). stopping: those that stop releases.
    """
    found: dict[str, list[Alarm]] = {each: [] for each in prefixes}
    pages = cloudwatch.get_paginator("describe_alarms").paginate(
        AlarmNamePrefix=common, PaginationConfig={"PageSize": 100}
    )
    for page in pages:
        for each in page["MetricAlarms"]:
            environment = _environment(each["AlarmName"], prefixes)
            if environment is not None:
                found[environment].append(_parse(each, stopping))
    return {name: tuple(sorted(each, key=lambda alarm: alarm.name)) for name, each in found.items()}


def _environment(alarm: str, prefixes: Mapping[str, str]) -> str | None:
    fitting = [name for name, prefix in prefixes.items() if alarm.startswith(prefix)]
    return max(fitting, key=lambda name: len(prefixes[name]), default=None)


def _parse(alarm: "MetricAlarmTypeDef", stopping: Sequence[str]) -> Alarm:
    return Alarm(
        name=alarm["AlarmName"],
        state=alarm["StateValue"],
        since=alarm["StateUpdatedTimestamp"],
        notifies=alarm.get("ActionsEnabled", False) and bool(alarm.get("AlarmActions")),
        stops_releases=alarm["AlarmName"] in stopping,
    )
