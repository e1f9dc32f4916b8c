"""Alarms are identified by their names, which begin with their environment's."""

from slipway.aws.alarms import alarms
from tests.settings import environment, minimal
from tests.slipway.status.world import World, world

NAMES = ("eu", "eu-1")


def by_environment(here: World) -> dict[str, list[str]]:
    prefixes = {each.environment: each.alarm("") for each in here.names.environments}
    found = alarms(here.aws, "my-app-", prefixes)
    return {name: [each.name for each in several] for name, several in found.items()}


def test_an_environment_whose_name_begins_as_anothers_keeps_its_own_alarms() -> None:
    settings = minimal(
        environments=[environment(name=name, cidr=f"10.{n}.0.0/16") for n, name in enumerate(NAMES)]
    )
    with world(settings) as here:
        for name in NAMES:
            here.alarm("latency", environment=name)
        assert by_environment(here) == {"eu": ["my-app-eu-latency"], "eu-1": ["my-app-eu-1-latency"]}


def test_a_teams_own_alarm_is_shown_and_another_services_is_not() -> None:
    with world() as here:
        here.alarm("queue-length")
        here.aws.cloudwatch.put_metric_alarm(
            AlarmName="my-app-other-latency",
            ComparisonOperator="GreaterThanThreshold",
            EvaluationPeriods=1,
            MetricName="m",
            Namespace="n",
            Period=60,
            Statistic="Sum",
            Threshold=1,
        )
        assert by_environment(here) == {"staging": ["my-app-staging-queue-length"]}


def test_every_page_is_read() -> None:
    with world() as here:
        for number in range(101):
            here.alarm(f"a{number:03}")
        assert len(by_environment(here)["staging"]) == 101
