from typing import Any

from constructs_lib.alarm import Alarm, Expression
from constructs_lib.testing import Testing, assert_has_resource_with_properties, resource

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm

from tests.constructs_lib.samples import EXPLANATION, TOPIC_ARN, metric


def synthesise(statistic: str = "Sum", **settings: Any) -> str:  # noqa: ANN401 - whatever Alarm takes
    return Testing.synth_scope(
        lambda stack: Alarm(
            stack,
            "errors",
            name="my-app-errors",
            topic_arn=TOPIC_ARN,
            **{"metric": metric(statistic)} | settings,
            threshold=10,
            explanation=EXPLANATION,
        )
    )


def alarm(statistic: str = "Sum", **settings: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever Alarm takes
    return resource(synthesise(statistic, **settings), CloudwatchMetricAlarm)


def test_an_alarm_watches_its_metric() -> None:
    assert_has_resource_with_properties(
        synthesise(),
        CloudwatchMetricAlarm,
        {
            "alarm_name": "my-app-errors",
            "namespace": "AWS/ApplicationELB",
            "metric_name": "TargetResponseTime",
            "dimensions": {"LoadBalancer": "app/web/1"},
            "period": 300,
        },
    )


def test_an_alarm_goes_off_at_its_threshold_or_above() -> None:
    assert alarm()["comparison_operator"] == "GreaterThanOrEqualToThreshold"
    assert alarm()["threshold"] == 10


def test_one_datapoint_sets_it_off_unless_said_otherwise() -> None:
    assert (alarm()["evaluation_periods"], alarm()["datapoints_to_alarm"]) == (1, 1)


def test_as_many_datapoints_in_a_row_set_it_off_as_is_said() -> None:
    patient = alarm(datapoints=5)

    assert (patient["evaluation_periods"], patient["datapoints_to_alarm"]) == (5, 5)


def test_missing_data_never_sets_it_off() -> None:
    assert alarm()["treat_missing_data"] == "notBreaching"


def test_the_topic_hears_when_it_starts_and_when_it_is_over() -> None:
    assert alarm()["actions_enabled"] is True
    assert alarm()["alarm_actions"] == [TOPIC_ARN]
    assert alarm()["ok_actions"] == [TOPIC_ARN]


def test_the_description_says_symptom_consequence_first_check_and_runbook() -> None:
    assert alarm()["alarm_description"] == (
        "The load balancer returns 5xx errors. Visitors see errors. "
        "First: the targets' health. Runbook: docs/runbooks/alb-5xx.md"
    )


def test_a_plain_statistic_is_a_statistic() -> None:
    assert_has_resource_with_properties(
        synthesise("Sum"), CloudwatchMetricAlarm, {"statistic": "Sum", "extended_statistic": None}
    )


def test_a_percentile_is_an_extended_statistic() -> None:
    assert_has_resource_with_properties(
        synthesise("p95"), CloudwatchMetricAlarm, {"statistic": None, "extended_statistic": "p95"}
    )


def test_an_expression_alone_returns_data_and_its_metrics_are_computed_with() -> None:
    formula = "IF(FILL(requests, 0) >= 200, latency, 0)"
    found = alarm(
        metric=Expression(formula=formula, metrics={"latency": metric("p95"), "requests": metric("Sum")})
    )
    computed, latency, requests = found["metric_query"]

    assert "metric_name" not in found
    assert "statistic" not in found
    assert (computed["expression"], computed["return_data"]) == (formula, True)
    assert (latency["id"], latency["metric"]["stat"], latency["return_data"]) == ("latency", "p95", False)
    assert (requests["id"], requests["metric"]["stat"], requests["metric"]["period"]) == (
        "requests",
        "Sum",
        300,
    )
