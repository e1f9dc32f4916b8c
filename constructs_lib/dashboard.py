"""A CloudWatch dashboard: rows of graphs, rendered to the JSON that CloudWatch takes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from constructs_lib.alarm import Alarm, Metric
from constructs_lib.place import place_of

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

WIDTH = 24
"""How many columns a dashboard has."""
HEIGHT = 6


@dataclass(frozen=True)
class Graph:
    """Some metrics over time, each with its label."""

    title: str
    metrics: Sequence[tuple[str, Metric]]
    stacked: bool = False

    def render(self, region: str) -> dict[str, object]:
        """The widget as CloudWatch takes it, but for its place. region: where the metrics or logs are."""
        return {
            "type": "metric",
            "properties": {
                "title": self.title,
                "region": region,
                "view": "timeSeries",
                "stacked": self.stacked,
                "metrics": [_row(label, metric) for label, metric in self.metrics],
            },
        }


@dataclass(frozen=True)
class AlarmStates:
    """The state of some alarms at a glance."""

    title: str
    alarms: Sequence[Alarm]

    def render(self, _region: str) -> dict[str, object]:
        """The widget, without its place; the alarms' ARNs say their region."""
        return {
            "type": "alarm",
            "properties": {"title": self.title, "alarms": [alarm.arn for alarm in self.alarms]},
        }


@dataclass(frozen=True)
class LogTail:
    """The newest lines of a log group that hold a text."""

    title: str
    log_group: str
    containing: str
    lines: int = 50

    def render(self, region: str) -> dict[str, object]:
        """The widget as CloudWatch takes it, but for its place. region: where the metrics or logs are."""
        query = (
            f"SOURCE '{self.log_group}' | fields @timestamp, @message"
            f" | filter @message like '{self.containing}' | sort @timestamp desc | limit {self.lines}"
        )
        return {
            "type": "log",
            "properties": {"title": self.title, "region": region, "view": "table", "query": query},
        }


Widget = Graph | AlarmStates | LogTail


class Dashboard(Construct):
    """A dashboard of rows; the widgets of a row share its width.

    name: 1 to 255 letters, digits, hyphens and underscores.
    rows: from top to bottom.

    >>> cpu = Metric(namespace="AWS/EC2", name="CPUUtilization", statistic="Average", period_seconds=60)
    >>> dashboard = Dashboard(stack, "dashboard", name="web",
    ...     rows=[[Graph("CPU", [("average", cpu)])]])
    """

    def __init__(self, scope: Construct, id: str, *, name: str, rows: Sequence[Sequence[Widget]]) -> None:
        super().__init__(scope, id)
        self.place = place_of(scope)
        region = self.place.region
        self.name = name
        self.resource = CloudwatchDashboard(
            self, "dashboard", dashboard_name=name, dashboard_body=render(rows, region)
        )
        self.url = f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}#dashboards/dashboard/{name}"


def render(rows: Sequence[Sequence[Widget]], region: str) -> str:
    """The rows as CloudWatch takes them.

    docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    """
    widgets: list[dict[str, object]] = []
    for number, row in enumerate(rows):
        width = WIDTH // len(row)
        for column, widget in enumerate(row):
            place = {"x": column * width, "y": number * HEIGHT, "width": width, "height": HEIGHT}
            widgets.append(place | widget.render(region))
    return json.dumps({"widgets": widgets})


def _row(label: str, metric: Metric) -> list[object]:
    dimensions = [part for pair in metric.dimensions.items() for part in pair]
    options = {"stat": metric.statistic, "period": metric.period_seconds, "label": label}
    return [metric.namespace, metric.name, *dimensions, options]
