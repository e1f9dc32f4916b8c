"""Gap: alarms follow their data."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.local.emulator.clients import Clients

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
    """The alarm on latency is: on a quiet night one slow answer wakes nobody, and stops no release."""
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
    """A share of errors without requests is no share: FILL decides."""
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
        return [each["HistorySummary"] for each in found["AlarmHistoryItems"]]

    def go_off() -> None:
        for state_value in ("OK", "ALARM", "ALARM"):
            cloudwatch.set_alarm_state(AlarmName="told", StateValue=state_value, StateReason="tried")

    make_alarm(beyond_moto, "told", AlarmActions=[topic])
    go_off()
    assert actions() == [f"Successfully executed action {topic}"]
    beyond_moto.untyped("sns").delete_topic(TopicArn=topic)
    go_off()
    assert [each.startswith("Failed") for each in actions()] == [True, False]
    cloudwatch.disable_alarm_actions(AlarmNames=["told"])
    go_off()
    assert len(actions()) == 2
