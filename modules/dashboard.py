"""The content of an environment's dashboard, from top to bottom: alarms, traffic, hosts, errors."""

from collections.abc import Mapping, Sequence

from constructs_lib.alarm import Metric
from constructs_lib.dashboard import AlarmStates, Graph, LogTail, Widget

from modules.alarms import Alarms, Watched

ONE_MINUTE = 60


def rows(watched: Watched, alarms: Alarms, log_group: str) -> Sequence[Sequence[Widget]]:
    """Return the rows of the dashboard; ``log_group`` receives the service's log."""
    balancer = {"LoadBalancer": watched.load_balancer}
    hosts = {"AutoScalingGroupName": watched.auto_scaling_group}
    return [
        [AlarmStates("Alarms", alarms.all)],
        [
            Graph("Requests", [("requests", _alb("RequestCount", "Sum", balancer))]),
            Graph(
                "Errors",
                [
                    ("load balancer 5xx", _alb("HTTPCode_ELB_5XX_Count", "Sum", balancer)),
                    ("service 5xx", _alb("HTTPCode_Target_5XX_Count", "Sum", watched.behind_load_balancer)),
                    ("service 4xx", _alb("HTTPCode_Target_4XX_Count", "Sum", watched.behind_load_balancer)),
                ],
            ),
            Graph(
                "Response time, seconds",
                [
                    (percentile, _alb("TargetResponseTime", percentile, watched.behind_load_balancer))
                    for percentile in ("p50", "p95", "p99")
                ],
            ),
        ],
        [
            Graph(
                "Hosts behind the load balancer",
                [
                    ("healthy", _alb("HealthyHostCount", "Minimum", watched.behind_load_balancer)),
                    ("unhealthy", _alb("UnHealthyHostCount", "Maximum", watched.behind_load_balancer)),
                ],
            ),
            Graph(
                "CPU of the hosts, percent",
                [
                    ("average", _metric("AWS/EC2", "CPUUtilization", "Average", hosts)),
                    ("busiest", _metric("AWS/EC2", "CPUUtilization", "Maximum", hosts)),
                ],
            ),
            Graph(
                "Hosts in the group",
                [
                    ("in service", _metric("AWS/AutoScaling", "GroupInServiceInstances", "Average", hosts)),
                    ("wanted", _metric("AWS/AutoScaling", "GroupDesiredCapacity", "Average", hosts)),
                ],
            ),
        ],
        [LogTail("Errors in the service's log", log_group, containing="error")],
    ]


def _alb(name: str, statistic: str, dimensions: Mapping[str, str]) -> Metric:
    return _metric("AWS/ApplicationELB", name, statistic, dimensions)


def _metric(namespace: str, name: str, statistic: str, dimensions: Mapping[str, str]) -> Metric:
    return Metric(
        namespace=namespace, name=name, statistic=statistic, period_seconds=ONE_MINUTE, dimensions=dimensions
    )
