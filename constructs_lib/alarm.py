"""A CloudWatch alarm that notifies a topic, and says in its description what to check first."""

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

    statistic: ``Sum``, ``Maximum`` … or a percentile such as ``p95``.
    period_seconds: over how long each data point is taken.
    """

    namespace: str
    name: str
    statistic: str
    period_seconds: int
    dimensions: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_percentile(self) -> bool:
        """Whether CloudWatch calls it an extended statistic."""
        return self.statistic.startswith("p")


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A series that CloudWatch computes: metric math over metrics, which it names by their ids.

    formula: such as ``IF(FILL(requests, 0) >= 200, latency, 0)``.
    metrics: by id, which begins with a lower-case letter; all of the same period.
    """

    formula: str
    metrics: Mapping[str, Metric]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What the person who is woken reads: what is seen, what it means, where to look first."""

    symptom: str
    consequence: str
    first_check: str
    runbook: str

    def __str__(self) -> str:
        return f"{self.symptom} {self.consequence} First: {self.first_check} Runbook: {self.runbook}"


class Alarm(Construct):
    """An alarm that goes to one topic, when it starts and when it is over.

    name: 1 to 255 characters.
    metric: what it watches. A percentile wants an ``Expression`` that counts its samples: CloudWatch's own
        way with few samples is to keep the alarm's state, for as long as they stay few.
    threshold: the alarm goes off when the metric is at or above this value, in the metric's own unit.
    datapoints: the number of periods in a row in which it has to be. Default: 1.
    explanation: the alarm's description, which is part of the message that people get.
    topic_arn: the SNS topic that is told when the alarm goes off and when it is over.

    Missing data counts as good: the metrics used here are missing when nothing happened.

    >>> alarm = Alarm(stack, "errors", name="errors",
    ...     topic_arn="arn:aws:sns:eu-central-1:123456789012:alerts",
    ...     metric=Metric(namespace="AWS/ApplicationELB", name="HTTPCode_ELB_5XX_Count", statistic="Sum",
    ...         period_seconds=300, dimensions={"LoadBalancer": "app/web/0123456789abcdef"}),
    ...     threshold=10, explanation=Explanation(symptom="The load balancer answers with 5xx.",
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
    """What the alarm is on, in the provider's arguments."""
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
    """The expression, which alone returns data, and its metrics."""
    computed = CloudwatchMetricAlarmMetricQuery(
        id="computed", expression=expression.formula, label=expression.formula, return_data=True
    )
    return [computed, *(_query(name, each) for name, each in sorted(expression.metrics.items()))]


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
