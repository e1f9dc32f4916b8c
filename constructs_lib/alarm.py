"""A CloudWatch alarm that notifies a topic; its description says what to check first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any  # the provider's arguments

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from constructs import Construct


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric, as CloudWatch names it.

    namespace, name: such as ``AWS/ApplicationELB`` and ``RequestCount``.
    statistic: ``Sum``, ``Maximum`` … or a percentile such as ``p95``.
    period_seconds: the length of the period that one data point covers, in seconds.
    dimensions: values by dimension name. Default: none.
    """

    namespace: str
    name: str
    statistic: str
    period_seconds: int
    dimensions: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_percentile(self) -> bool:
        """Whether the statistic is a percentile, which CloudWatch calls an extended statistic."""
        return self.statistic.startswith("p")


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A time series that CloudWatch computes from metrics (metric math).

    formula: such as ``IF(FILL(requests, 0) >= 200, latency, 0)``; it names metrics by their ids.
    metrics: metrics by id. An id begins with a lower-case letter; all metrics have the same period.
    """

    formula: str
    metrics: Mapping[str, Metric]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What the person on call reads: the symptom, its consequence, the first check, the runbook.

    symptom, consequence: whole sentences.
    first_check: what to look at first; it follows the word "First:".
    runbook: where the runbook is, such as a path in the repository.
    """

    symptom: str
    consequence: str
    first_check: str
    runbook: str

    def __str__(self) -> str:
        return f"{self.symptom} {self.consequence} First: {self.first_check} Runbook: {self.runbook}"


class Alarm(Construct):
    """An alarm that notifies one topic when it changes to ALARM and when it returns to OK.

    name: 1 to 255 characters.
    metric: what the alarm watches. For a percentile use an ``Expression`` that also counts the samples:
        CloudWatch's own option for few samples keeps the alarm's state for as long as they stay few.
    threshold: the alarm goes to ALARM when the metric is at or above this value, in the metric's own unit.
    datapoints: in how many consecutive periods the threshold must be reached. Default: 1.
    explanation: the alarm's description, which is part of the notification.
    topic_arn: the SNS topic that is notified.

    Missing data is treated as not breaching: these metrics are missing when there were no requests.

    >>> alarm = Alarm(stack, "errors", name="errors",
    ...     topic_arn="arn:aws:sns:eu-central-1:123456789012:alerts",
    ...     metric=Metric(namespace="AWS/ApplicationELB", name="HTTPCode_ELB_5XX_Count", statistic="Sum",
    ...         period_seconds=300, dimensions={"LoadBalancer": "app/web/0123456789abcdef"}),
    ...     threshold=10, explanation=Explanation(symptom="The load balancer returns 5xx errors.",
    ...         consequence="Visitors see errors.", first_check="the targets' health.",
    ...         runbook="docs/runbooks/errors.md"))
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        topic_arn: str,
        metric: Metric | Expression,
        threshold: float,
        explanation: Explanation,
        datapoints: int = 1,
    ) -> None:
        super().__init__(scope, id)
        self.name = name
        self.resource = CloudwatchMetricAlarm(
            self,
            "alarm",
            alarm_name=name,
            alarm_description=str(explanation),
            **_series(metric),
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=threshold,
            evaluation_periods=datapoints,
            datapoints_to_alarm=datapoints,
            treat_missing_data="notBreaching",
            actions_enabled=True,
            alarm_actions=[topic_arn],
            ok_actions=[topic_arn],
        )
        self.arn = self.resource.arn


def _series(metric: Metric | Expression) -> dict[str, Any]:
    """The provider's arguments for the metric or the expression that the alarm watches."""
    if isinstance(metric, Expression):
        return {"metric_query": _queries(metric)}
    return {
        "namespace": metric.namespace,
        "metric_name": metric.name,
        "dimensions": dict(metric.dimensions),
        "period": metric.period_seconds,
        "statistic": None if metric.is_percentile else metric.statistic,
        "extended_statistic": metric.statistic if metric.is_percentile else None,
    }


def _queries(expression: Expression) -> list[CloudwatchMetricAlarmMetricQuery]:
    """The expression, the only query that returns data, followed by its metrics."""
    computed = CloudwatchMetricAlarmMetricQuery(
        id="computed", expression=expression.formula, label=expression.formula, return_data=True
    )
    return [computed, *(_query(name, metric) for name, metric in sorted(expression.metrics.items()))]


def _query(id: str, metric: Metric) -> CloudwatchMetricAlarmMetricQuery:
    return CloudwatchMetricAlarmMetricQuery(
        id=id,
        return_data=False,
        metric=CloudwatchMetricAlarmMetricQueryMetric(
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=dict(metric.dimensions),
            period=metric.period_seconds,
            stat=metric.statistic,
        ),
    )
