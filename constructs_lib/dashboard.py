"""A CloudWatch dashboard: rows of graphs, rendered to the JSON that CloudWatch takes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from constructs_lib.alarm import Alarm, Metric
from constructs_lib.place import place_of

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

WIDTH = 24
"""The width of a dashboard, in columns."""
HEIGHT = 6


@dataclass(frozen=True)
class Graph:
    """A widget that plots metrics over time.

    title: the widget's title.
    metrics: pairs of label and metric.
    stacked: whether the areas are stacked. Default: no, lines.
    """

    title: str
    metrics: Sequence[tuple[str, Metric]]
    stacked: bool = False

    def render(self, region: str) -> dict[str, object]:
        """Return the widget's JSON without its position; ``region`` is where the metrics are."""
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
    """A widget that shows the current state of alarms."""

    title: str
    alarms: Sequence[Alarm]

    def render(self, _region: str) -> dict[str, object]:
        """Return the widget's JSON without its position; the alarms' ARNs name their region."""
        return {
            "type": "alarm",
            "properties": {"title": self.title, "alarms": [alarm.arn for alarm in self.alarms]},
        }


@dataclass(frozen=True)
class LogTail:
    """A widget that shows the newest lines of a log group that contain a text.

    title: the widget's title.
    log_group: the log group's name.
    containing: the text.
    lines: how many lines. Default: 50.
    """

    title: str
    log_group: str
    containing: str
    lines: int = 50

    def render(self, region: str) -> dict[str, object]:
        """Return the widget's JSON without its position; ``region`` is where the log group is."""
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
    """A dashboard that consists of rows; the widgets of a row share its width equally.

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
    """Return the body of a dashboard with these ``rows`` as JSON; ``region`` is where the metrics are.

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
