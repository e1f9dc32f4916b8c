import json
from typing import Any

from constructs_lib.alarm import Alarm, Metric
from constructs_lib.dashboard import AlarmStates, Dashboard, Graph, LogTail, Widget, render
from constructs_lib.testing import Testing, resource

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard

from tests.constructs_lib.building import REGION
from tests.constructs_lib.samples import EXPLANATION, TOPIC_ARN

CPU = Metric(
    namespace="AWS/EC2",
    name="CPUUtilization",
    statistic="Average",
    period_seconds=60,
    dimensions={"AutoScalingGroupName": "my-app-prod"},
)
GRAPH = Graph("CPU", [("average", CPU)])


def widgets(*rows: list[Widget]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render(rows, REGION))["widgets"]
    return found


def places(*rows: list[Widget]) -> list[tuple[int, int, int, int]]:
    return [(widget["x"], widget["y"], widget["width"], widget["height"]) for widget in widgets(*rows)]


def test_the_widgets_of_a_row_share_its_width() -> None:
    assert places([GRAPH, GRAPH, GRAPH]) == [(0, 0, 8, 6), (8, 0, 8, 6), (16, 0, 8, 6)]


def test_rows_stand_below_each_other() -> None:
    assert places([GRAPH], [GRAPH, GRAPH]) == [(0, 0, 24, 6), (0, 6, 12, 6), (12, 6, 12, 6)]


def test_a_graph_shows_each_metric_with_its_dimensions_and_label() -> None:
    (graph,) = widgets([GRAPH])

    assert graph["type"] == "metric"
    assert graph["properties"] == {
        "title": "CPU",
        "region": REGION,
        "view": "timeSeries",
        "stacked": False,
        "metrics": [
            [
                "AWS/EC2",
                "CPUUtilization",
                "AutoScalingGroupName",
                "my-app-prod",
                {"stat": "Average", "period": 60, "label": "average"},
            ]
        ],
    }


def test_a_log_tail_shows_the_newest_lines_that_hold_a_text() -> None:
    (tail,) = widgets([LogTail("Errors", "/my-app/prod/app", "ERROR", lines=20)])

    assert tail["type"] == "log"
    assert tail["properties"] == {
        "title": "Errors",
        "region": REGION,
        "view": "table",
        "query": "SOURCE '/my-app/prod/app' | fields @timestamp, @message"
        " | filter @message like 'ERROR' | sort @timestamp desc | limit 20",
    }


def test_alarm_states_name_the_alarms_themselves() -> None:
    def build(stack: TerraformStack) -> None:
        alarm = Alarm(
            stack, "cpu", name="cpu", topic_arn=TOPIC_ARN, metric=CPU, threshold=90, explanation=EXPLANATION
        )
        Dashboard(stack, "dashboard", name="web", rows=[[AlarmStates("Alarms", [alarm])]])

    body = json.loads(resource(Testing.synth_scope(build), CloudwatchDashboard)["dashboard_body"])
    (states,) = body["widgets"]
    (arn,) = states["properties"]["alarms"]
    assert states["type"] == "alarm"
    assert arn.startswith("${aws_cloudwatch_metric_alarm.cpu_alarm_")
    assert arn.endswith(".arn}")


def test_a_dashboard_has_its_name_and_knows_where_it_can_be_seen() -> None:
    def build(stack: TerraformStack) -> None:
        dashboard = Dashboard(stack, "dashboard", name="web", rows=[[GRAPH]])
        assert dashboard.url == (
            "https://eu-central-1.console.aws.amazon.com/cloudwatch/home"
            "?region=eu-central-1#dashboards/dashboard/web"
        )

    assert resource(Testing.synth_scope(build), CloudwatchDashboard)["dashboard_name"] == "web"
