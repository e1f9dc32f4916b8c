"""Gap: alarms follow their data."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.local.emulator.clients import Clients

GOLDEN = Path(__file__).parents[2] / "golden"
DAY = 86400
"""A period so long that none ends while a test runs."""


def make_alarm(aws: Clients, name: str, **parameters: object) -> None:
    given: dict[str, object] = {
        "Namespace": name,
        "MetricName": "errors",
        "Statistic": "Sum",
        "Period": DAY,
        "Threshold": 10.0,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    aws.untyped("cloudwatch").put_metric_alarm(
        AlarmName=name, **{key: each for key, each in {**given, **parameters}.items() if each is not None}
    )


def put(aws: Clients, namespace: str, values: Sequence[float], *, metric: str = "errors") -> None:
    data = {"MetricName": metric, "Values": list(values)}
    aws.untyped("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[data])


def state(aws: Clients, name: str) -> str:
    (alarm,) = aws.untyped("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return str(alarm["StateValue"])


def query(id_: str, metric: str, namespace: str) -> dict[str, Any]:
    stat: Mapping[str, Any] = {"Metric": {"Namespace": namespace, "MetricName": metric}}
    return {"Id": id_, "MetricStat": {**stat, "Period": DAY, "Stat": "Sum"}, "ReturnData": False}


def test_data_beyond_the_threshold_turns_an_alarm_on_and_data_below_it_off(beyond_moto: Clients) -> None:
    make_alarm(beyond_moto, "followed", Statistic="Maximum")
    put(beyond_moto, "followed", [11])
    assert state(beyond_moto, "followed") == "ALARM"
    make_alarm(beyond_moto, "followed", Statistic="Minimum")
    put(beyond_moto, "followed", [1])
    assert state(beyond_moto, "followed") == "OK"


def test_a_percentile_of_few_samples_is_ignored_if_asked(aws: Clients) -> None:
    slow = {"Statistic": None, "ExtendedStatistic": "p95", "Threshold": 1.0}
    make_alarm(aws, "few", **slow, EvaluateLowSampleCountPercentile="ignore")
    put(aws, "few", [9.0] * 100)
    assert state(aws, "few") == "OK"
    put(aws, "few", [9.0] * 100)
    assert state(aws, "few") == "ALARM"
    make_alarm(aws, "evaluated", **slow, EvaluateLowSampleCountPercentile="evaluate")
    put(aws, "evaluated", [9.0])
    assert state(aws, "evaluated") == "ALARM"


def test_an_alarm_on_an_expression_follows_all_its_metrics(aws: Clients) -> None:
    """A share of errors without requests is not a share: FILL decides."""
    metrics = [
        {"Id": "share", "Expression": "100 * FILL(errors, 0) / requests", "ReturnData": True},
        query("errors", "errors", "share"),
        query("requests", "requests", "share"),
    ]
    none = dict.fromkeys(("Namespace", "MetricName", "Statistic", "Period"))
    make_alarm(aws, "share", **none, Metrics=metrics, Threshold=5.0, TreatMissingData="notBreaching")
    put(aws, "share", [6])
    assert state(aws, "share") == "OK"
    put(aws, "share", [100], metric="requests")
    assert state(aws, "share") == "ALARM"


def test_days_without_data_count_as_the_alarm_says(aws: Clients) -> None:
    for name, treatment, expected in (("as-bad", "breaching", "ALARM"), ("as-good", "notBreaching", "OK")):
        make_alarm(
            aws, name, EvaluationPeriods=3, DatapointsToAlarm=3, TreatMissingData=treatment, Period=3600
        )
        put(aws, name, [11])
        assert state(aws, name) == expected, name


def test_an_alarm_that_goes_off_publishes_and_its_history_says_so(beyond_moto: Clients) -> None:
    cloudwatch = beyond_moto.untyped("cloudwatch")
    topic = str(beyond_moto.untyped("sns").create_topic(Name="told")["TopicArn"])

    def actions() -> list[str]:
        found = cloudwatch.describe_alarm_history(AlarmName="told", HistoryItemType="Action")
        return [alarm_history_item["HistorySummary"] for alarm_history_item in found["AlarmHistoryItems"]]

    def go_off() -> None:
        for state_value in ("OK", "ALARM", "ALARM"):
            cloudwatch.set_alarm_state(AlarmName="told", StateValue=state_value, StateReason="tried")

    make_alarm(beyond_moto, "told", AlarmActions=[topic])
    go_off()
    assert actions() == [f"Successfully executed action {topic}"]
    beyond_moto.untyped("sns").delete_topic(TopicArn=topic)
    go_off()
    assert [action.startswith("Failed") for action in actions()] == [True, False]
    cloudwatch.disable_alarm_actions(AlarmNames=["told"])
    go_off()
    assert len(actions()) == 2


def committed(alarm: str) -> dict[str, Any]:
    """One of staging's alarms as it is synthesised, with periods that do not end while a test runs."""
    stack = json.loads((GOLDEN / "staging.json").read_text(encoding="utf-8"))
    found = stack["resource"]["aws_cloudwatch_metric_alarm"].values()
    (one,) = (each for each in found if each["alarm_name"] == f"my-app-staging-{alarm}")
    return one  # type: ignore[no-any-return]  # JSON


def make_committed(aws: Clients, name: str, alarm: str) -> None:
    """The alarm under a name, its metrics in a namespace of that name."""
    one = committed(alarm)
    metrics = [
        {"Id": each["id"], "Expression": each["expression"], "ReturnData": True}
        if "expression" in each
        else query(each["id"], each["id"], name) | {"ReturnData": False}
        for each in one["metric_query"]
    ]
    for metric, told in zip(metrics, one["metric_query"], strict=True):
        if "MetricStat" in metric:
            metric["MetricStat"]["Stat"] = told["metric"]["stat"]
    none = dict.fromkeys(("Namespace", "MetricName", "Statistic", "Period"))
    make_alarm(
        aws,
        name,
        **none,
        Metrics=metrics,
        Threshold=one["threshold"],
        ComparisonOperator=one["comparison_operator"],
        TreatMissingData=one["treat_missing_data"],
    )


def test_the_alarm_on_latency_goes_off_by_enough_slow_answers_and_is_over_with_them(aws: Clients) -> None:
    """One slow hour kept it on for days, with CloudWatch's own way to ignore few samples."""
    make_committed(aws, "slow", "latency")
    put(aws, "slow", [9.0] * 100, metric="latency")
    put(aws, "slow", [100], metric="requests")
    assert state(aws, "slow") == "OK"
    put(aws, "slow", [100], metric="requests")
    assert state(aws, "slow") == "ALARM"
    make_committed(aws, "night", "latency")
    aws.untyped("cloudwatch").set_alarm_state(AlarmName="night", StateValue="ALARM", StateReason="before")
    put(aws, "night", [9.0], metric="latency")
    put(aws, "night", [1], metric="requests")
    assert state(aws, "night") == "OK"


def test_errors_count_against_a_release_only_while_a_host_watches(aws: Clients) -> None:
    make_committed(aws, "watched", "release-5xx")
    put(aws, "watched", [10])
    assert state(aws, "watched") == "OK"
    put(aws, "watched", [1], metric="watching")
    assert state(aws, "watched") == "ALARM"
    make_committed(aws, "well", "release-5xx")
    put(aws, "well", [1], metric="watching")
    assert state(aws, "well") == "OK"


def test_a_release_is_slow_only_while_a_host_watches(aws: Clients) -> None:
    make_committed(aws, "slow-release", "release-latency")
    put(aws, "slow-release", [9.0] * 200, metric="latency")
    put(aws, "slow-release", [200], metric="requests")
    assert state(aws, "slow-release") == "OK"
    put(aws, "slow-release", [1], metric="watching")
    assert state(aws, "slow-release") == "ALARM"
