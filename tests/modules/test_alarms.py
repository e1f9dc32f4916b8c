from functools import cache
from typing import Any

from constructs_lib.testing import Testing, resource, resources

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm

from modules.alarms import Alarms, Watched
from modules.config.names import Names
from modules.config.settings import Thresholds
from tests.settings import minimal

TOPIC_ARN = "arn:aws:sns:eu-central-1:123456789012:my-app-alerts"
WATCHED = Watched(
    load_balancer="app/my-app-staging/1",
    target_group="targetgroup/my-app-staging-8080/2",
    auto_scaling_group="my-app-staging-3",
)
BEHIND_LOAD_BALANCER = {
    "LoadBalancer": "app/my-app-staging/1",
    "TargetGroup": "targetgroup/my-app-staging-8080/2",
}


def alarms(stack: TerraformStack, thresholds: Thresholds | None = None) -> Alarms:
    return Alarms(
        stack,
        "alarms",
        names=Names.of(minimal()).environments[0],
        watched=WATCHED,
        thresholds=thresholds or Thresholds(),
        topic_arn=TOPIC_ARN,
        runbooks="https://example.com/runbooks",
    )


@cache
def synthesised() -> str:
    return Testing.synth_scope(alarms)


def alarm(id: str) -> dict[str, Any]:
    return resource(synthesised(), CloudwatchMetricAlarm, f"alarms/{id}/alarm")


def watches(id: str) -> tuple[str, str, dict[str, str]]:
    found = alarm(id)
    return found["namespace"], found["metric_name"], found["dimensions"]


def computes(id: str) -> str:
    return str(alarm(id)["metric_query"][0]["expression"])


def of(id: str, metric: str) -> tuple[str, str, str, int]:
    """One of the metrics that an alarm computes with."""
    (found,) = (each["metric"] for each in alarm(id)["metric_query"] if each["id"] == metric)
    if found["namespace"] == "AWS/ApplicationELB":
        assert found["dimensions"] == BEHIND_LOAD_BALANCER
    return found["namespace"], found["metric_name"], found["stat"], found["period"]


@cache
def names() -> list[str]:
    """The id of every alarm that there is."""
    found: list[str] = []
    Testing.synth_scope(lambda stack: found.extend(each.node.id for each in alarms(stack).all))
    return found


def everyone() -> list[tuple[str, dict[str, Any]]]:
    """Every alarm, by its id."""
    return [(name, alarm(name)) for name in names()]


def test_every_alarm_is_named_after_its_environment() -> None:
    assert len(everyone()) == len(resources(synthesised(), CloudwatchMetricAlarm)) >= 5
    for name, each in everyone():
        assert each["alarm_name"] == f"my-app-staging-{name}"


def test_the_status_check_is_that_of_any_host_for_two_minutes() -> None:
    assert watches("status-check") == (
        "AWS/EC2",
        "StatusCheckFailed",
        {"AutoScalingGroupName": "my-app-staging-3"},
    )
    check = alarm("status-check")
    assert (check["statistic"], check["period"], check["datapoints_to_alarm"]) == ("Maximum", 60, 2)


def test_errors_of_the_load_balancer_itself_are_counted_over_five_minutes() -> None:
    assert watches("alb-5xx") == (
        "AWS/ApplicationELB",
        "HTTPCode_ELB_5XX_Count",
        {"LoadBalancer": "app/my-app-staging/1"},
    )
    assert (alarm("alb-5xx")["statistic"], alarm("alb-5xx")["period"]) == ("Sum", 300)


def test_errors_of_the_service_are_counted_over_five_minutes() -> None:
    assert watches("target-5xx") == ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", BEHIND_LOAD_BALANCER)
    assert (alarm("target-5xx")["statistic"], alarm("target-5xx")["period"]) == ("Sum", 300)


def test_unhealthy_hosts_are_so_for_five_minutes_in_a_row() -> None:
    assert watches("unhealthy-hosts") == ("AWS/ApplicationELB", "UnHealthyHostCount", BEHIND_LOAD_BALANCER)
    hosts = alarm("unhealthy-hosts")
    assert (hosts["statistic"], hosts["period"], hosts["datapoints_to_alarm"]) == ("Maximum", 60, 5)


def test_latency_is_the_95th_percentile_over_five_minutes_of_enough_requests() -> None:
    assert computes("latency") == "IF(FILL(requests, 0) >= 200, latency, 0)"
    assert of("latency", "latency") == ("AWS/ApplicationELB", "TargetResponseTime", "p95", 300)
    assert of("latency", "requests") == ("AWS/ApplicationELB", "RequestCount", "Sum", 300)


def test_errors_count_against_a_release_in_the_minutes_in_which_a_host_watches() -> None:
    assert computes("release-5xx") == "IF(FILL(watching, 0) > 0, errors, 0)"
    assert of("release-5xx", "errors") == ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum", 60)
    assert of("release-5xx", "watching") == ("my-app/staging", "Watching", "Maximum", 60)


def test_a_slow_release_is_so_for_two_of_these_minutes() -> None:
    assert computes("release-latency") == (
        "IF(FILL(watching, 0) > 0 AND FILL(requests, 0) >= 200, latency, 0)"
    )
    assert of("release-latency", "latency") == ("AWS/ApplicationELB", "TargetResponseTime", "p95", 60)
    assert alarm("release-latency")["datapoints_to_alarm"] == 2


def test_thresholds_are_those_of_the_settings() -> None:
    thresholds = Thresholds(alb_5xx=1, target_5xx=2, unhealthy_hosts=3, latency_seconds=0.5)
    found = Testing.synth_scope(lambda stack: alarms(stack, thresholds))

    told = {
        each["alarm_name"].removeprefix("my-app-staging-"): each["threshold"]
        for each in resources(found, CloudwatchMetricAlarm).values()
    }
    assert told == {
        "status-check": 1,
        "alb-5xx": 1,
        "target-5xx": 2,
        "unhealthy-hosts": 3,
        "latency": 0.5,
        "release-5xx": 2,
        "release-latency": 0.5,
    }


def test_every_alarm_goes_to_the_topic() -> None:
    for name, each in everyone():
        assert each["alarm_actions"] == each["ok_actions"] == [TOPIC_ARN], name


def test_every_description_names_the_environment_a_first_check_and_its_own_runbook() -> None:
    for name, each in everyone():
        description = each["alarm_description"]
        assert "my-app-staging" in description, name
        assert " First: " in description, name
        assert description.endswith(f" Runbook: https://example.com/runbooks/{name}.md")


def test_every_description_fits_into_cloudwatchs_1024_characters() -> None:
    for name, each in everyone():
        assert len(each["alarm_description"]) + len("/very-long-repository-name" * 10) <= 1024, name


def test_only_alarms_that_are_quiet_unless_a_release_is_watched_can_stop_one() -> None:
    def build(stack: TerraformStack) -> None:
        stopping = [each.node.id for each in alarms(stack).stop_a_release]
        assert stopping == ["release-5xx", "release-latency"]

    Testing.synth_scope(build)
