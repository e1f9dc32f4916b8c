"""Evaluates alarms when metric data arrives; in moto data changes no alarm.

Alarms on the metric are evaluated (alarm_states.py, metric_math.py) over the periods that end now. A state
set with SetAlarmState lasts until then, as in AWS (API_SetAlarmState). Alarms without new data keep their
state: the emulator has no clock.
"""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any  # metric data is JSON

from moto.cloudwatch.models import Alarm, CloudWatchBackend, MetricDatum
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.sns.models import sns_backends

from local.emulator import metric_math
from local.emulator.alarm_states import (
    ALARM,
    INSUFFICIENT,
    MORE,
    OK,
    AlarmCondition,
    Point,
    enough_samples,
    state,
)
from local.emulator.gaps.patching import add, wrap

Update = Callable[[Alarm, str, str, str], None]
Put = Callable[[CloudWatchBackend, str, list[dict[str, Any]]], None]
Named = tuple[str, str, set[tuple[str | None, str | None]]]
"""A metric: its namespace, its name, its dimensions."""

STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    "Average": lambda values: sum(values) / len(values),
    "Maximum": max,
    "Minimum": min,
    "SampleCount": len,
    "Sum": sum,
}


def fill() -> None:
    """Patches moto: alarms follow their data, and the actions that they take are recorded."""
    wrap(CloudWatchBackend, "put_metric_data", _and_evaluate)
    wrap(Alarm, "update_state", _and_act)
    add(CloudWatchResponse, describe_alarm_history)


def _and_act(original: Update) -> Update:
    def update_state(self: Alarm, reason: str, reason_data: str, state_value: str) -> None:
        before = self.state_value
        original(self, reason, reason_data, state_value)
        if state_value == before or str(self.actions_enabled).lower() == "false":
            return
        of = {OK: self.ok_actions, ALARM: self.alarm_actions, INSUFFICIENT: self.insufficient_data_actions}
        for action in of[state_value] or ():
            _taken(self).append((utcnow(), _words(action)))

    return update_state


def _taken(alarm: Alarm) -> list[tuple[datetime, str]]:
    kept: list[tuple[datetime, str]] = vars(alarm).setdefault("actions_taken", [])
    return kept


def _words(action: str) -> str:
    """CloudWatch's message about an action: it fails if the topic does not exist. Policies are not read."""
    _, _, service, region, account, _ = action.split(":", 5)
    if service == "sns" and action not in sns_backends[account][region].topics:
        return f'Failed to execute action {action}. Received error: "Topic does not exist"'
    return f"Successfully executed action {action}"


def describe_alarm_history(self: CloudWatchResponse) -> ActionResult:
    """The actions that an alarm took, newest first; other history is not kept."""
    alarm = self.cloudwatch_backend.alarms[self._get_param("AlarmName")]
    items = [
        {
            "AlarmName": alarm.name,
            "AlarmType": "MetricAlarm",
            "Timestamp": at,
            "HistoryItemType": "Action",
            "HistorySummary": words,
        }
        for at, words in reversed(_taken(alarm))
    ]
    return ActionResult({"AlarmHistoryItems": items})


def _and_evaluate(original: Put) -> Put:
    def put_metric_data(self: CloudWatchBackend, namespace: str, metric_data: list[dict[str, Any]]) -> None:
        original(self, namespace, metric_data)
        names = {datum["MetricName"] for datum in metric_data}
        for alarm in list(self.alarms.values()):
            if not alarm.rule and any((namespace, name) in _metrics(alarm) for name in names):
                _evaluate(self, alarm)

    return put_metric_data


def _metrics(alarm: Alarm) -> set[tuple[str, str]]:
    inside = [
        metric_data_query.metric_stat.metric
        for metric_data_query in alarm.metric_data_queries
        if metric_data_query.metric_stat
    ]
    return {
        (alarm.namespace, alarm.metric_name),
        *((metric.namespace, metric.metric_name) for metric in inside),
    }


def _evaluate(backend: CloudWatchBackend, alarm: Alarm) -> None:
    periods = int(alarm.evaluation_periods)
    condition = AlarmCondition(
        alarm.comparison_operator,
        float(alarm.threshold),
        periods,
        int(alarm.datapoints_to_alarm or periods),
        alarm.treat_missing_data or "missing",
    )
    series, few = _series(backend, alarm, periods + MORE)
    if few and alarm.evaluate_low_sample_count_percentile == "ignore":
        return
    now = state(condition, series, alarm.state_value)
    if now != alarm.state_value:
        alarm.update_state(f"Threshold crossed: {series}", "{}", now)


def _series(backend: CloudWatchBackend, alarm: Alarm, count: int) -> tuple[Sequence[Point], bool]:
    """The alarm's data points, and whether its percentile has too few samples."""
    if not alarm.metric_data_queries:
        statistic = alarm.extended_statistic or alarm.statistic
        named = (
            alarm.namespace,
            alarm.metric_name,
            {(dimension.name, dimension.value) for dimension in alarm.dimensions},
        )
        return _points(backend, named, statistic, int(alarm.period), count)
    few = False
    known: dict[str, Sequence[Point]] = {}
    for query in alarm.metric_data_queries:
        if stat := query.metric_stat:
            metric = stat.metric
            named = (
                metric.namespace,
                metric.metric_name,
                {(dimension.name, dimension.value) for dimension in metric.dimensions or []},
            )
            known[query.id], too_few = _points(backend, named, stat.stat, int(stat.period), count)
            few = few or too_few
    return _expressions(alarm, known), few


def _expressions(alarm: Alarm, known: dict[str, Sequence[Point]]) -> Sequence[Point]:
    """The series that the alarm watches. An expression can use expressions listed after it."""
    waiting = {
        metric_data_query.id: metric_data_query.expression
        for metric_data_query in alarm.metric_data_queries
        if metric_data_query.expression
    }
    for _ in list(waiting):
        for id_, expression in list(waiting.items()):
            if not any(other in metric_math.names(expression) for other in waiting):
                known[id_] = metric_math.evaluate(waiting.pop(id_), known)
    returned = [
        metric_data_query.id
        for metric_data_query in alarm.metric_data_queries
        if metric_data_query.return_data not in (False, "false")
    ]
    return known[returned[0]]


def _points(
    backend: CloudWatchBackend, named: Named, statistic: str, period: int, count: int
) -> tuple[list[Point], bool]:
    """A metric's data points, and whether any period has too few samples for a percentile."""
    namespace, name, dimensions = named
    newest = int(utcnow().replace(tzinfo=UTC).timestamp()) // period
    buckets: list[list[float]] = [[] for _ in range(count)]
    for datum in backend.metric_data:
        if not isinstance(datum, MetricDatum) or (datum.namespace, datum.name) != (namespace, name):
            continue
        if {(dimension.name, dimension.value) for dimension in datum.dimensions} != dimensions:
            continue
        age = newest - int(_seconds(datum.timestamp)) // period
        if 0 <= age < count:
            buckets[count - 1 - age].append(datum.value)
    percentile = float(statistic[1:]) if statistic.startswith("p") else None
    few = percentile is not None and any(
        bucket and not enough_samples(percentile, len(bucket)) for bucket in buckets
    )
    return [_statistic(statistic, percentile, bucket) if bucket else None for bucket in buckets], few


def _seconds(time: datetime) -> float:
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _statistic(name: str, percentile: float | None, values: Sequence[float]) -> float:
    if percentile is None:
        return float(STATISTICS[name](values))
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percentile / 100 * len(ordered)) - 1)]
