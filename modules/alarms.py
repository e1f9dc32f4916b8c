"""The alarms of an environment: their metrics, thresholds and descriptions."""

from dataclasses import dataclass

from constructs_lib.alarm import Alarm, Explanation, Expression, Metric

from constructs import Construct

from modules.config.names import EnvironmentNames
from modules.config.settings import Thresholds

FIVE_MINUTES = 300
ONE_MINUTE = 60
ENOUGH_REQUESTS = 200
"""The fewest requests in a period for which a 95th percentile is meaningful (AmazonCloudWatch/latest/
monitoring/percentiles-with-low-samples: 10 / (1 - 0.95))."""
LATENCY = f"IF(FILL(requests, 0) >= {ENOUGH_REQUESTS}, latency, 0)"
WATCHING = "Watching"
RELEASE_5XX = "IF(FILL(watching, 0) > 0, errors, 0)"
RELEASE_LATENCY = f"IF(FILL(watching, 0) > 0 AND FILL(requests, 0) >= {ENOUGH_REQUESTS}, latency, 0)"


@dataclass(frozen=True, kw_only=True)
class Watched:
    """The resources that the alarms watch, by the values of CloudWatch's dimensions."""

    load_balancer: str
    target_group: str
    auto_scaling_group: str

    @property
    def behind_load_balancer(self) -> dict[str, str]:
        """The dimensions of metrics of the target group behind the load balancer."""
        return {"LoadBalancer": self.load_balancer, "TargetGroup": self.target_group}


class Alarms(Construct):
    """The alarms of one environment, which all notify one topic.

    ``stop_a_release``: the alarms of the deployment group. They are OK unless a host is watching its
    release (scripts/watch.sh), so errors from before a deployment never block it. The other alarms only
    notify (docs/decisions/0007-alarms-that-may-stop-a-release.md).

    own_load_balancer: whether the load balancer serves this environment only; if not, its own 5xx responses
        may be another service's, and there is no alarm on them here. Default: yes.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: EnvironmentNames,
        watched: Watched,
        thresholds: Thresholds,
        topic_arn: str,
        runbooks: str,
        own_load_balancer: bool = True,
    ) -> None:
        super().__init__(scope, id)
        self._names, self._topic_arn, self._runbooks = names, topic_arn, runbooks
        self.status_check = self._status_check(watched)
        self.alb_5xx = self._alb_5xx(watched, thresholds) if own_load_balancer else None
        self.target_5xx = self._target_5xx(watched, thresholds)
        self.unhealthy_hosts = self._unhealthy_hosts(watched, thresholds)
        self.latency = self._latency(watched, thresholds)
        self.release_5xx = self._release_5xx(watched, thresholds)
        self.release_latency = self._release_latency(watched, thresholds)
        self.stop_a_release = (self.release_5xx, self.release_latency)
        self.all = (
            self.status_check,
            *([self.alb_5xx] if self.alb_5xx else []),
            *(self.target_5xx, self.unhealthy_hosts, self.latency),
            *self.stop_a_release,
        )

    def _status_check(self, watched: Watched) -> Alarm:
        return self._alarm(
            "status-check",
            Metric(
                namespace="AWS/EC2",
                name="StatusCheckFailed",
                statistic="Maximum",
                period_seconds=ONE_MINUTE,
                dimensions={"AutoScalingGroupName": watched.auto_scaling_group},
            ),
            threshold=1,
            datapoints=2,
            symptom=f"A host of {self._names.prefix} fails its EC2 status checks.",
            consequence="It serves no requests until it recovers or is replaced; the others take its load.",
            first_check="which host it is, and its system and instance status checks in the EC2 console.",
        )

    def _alb_5xx(self, watched: Watched, thresholds: Thresholds) -> Alarm:
        return self._alarm(
            "alb-5xx",
            Metric(
                namespace="AWS/ApplicationELB",
                name="HTTPCode_ELB_5XX_Count",
                statistic="Sum",
                period_seconds=FIVE_MINUTES,
                dimensions={"LoadBalancer": watched.load_balancer},
            ),
            threshold=thresholds.alb_5xx,
            symptom=f"The load balancer of {self._names.prefix} returns 5xx errors of its own.",
            consequence="Visitors see errors: no host is healthy, or hosts do not answer in time.",
            first_check="how many targets are healthy, and whether a deployment is in progress.",
        )

    def _target_5xx(self, watched: Watched, thresholds: Thresholds) -> Alarm:
        return self._alarm(
            "target-5xx",
            _behind(watched, "HTTPCode_Target_5XX_Count", "Sum", FIVE_MINUTES),
            threshold=thresholds.target_5xx,
            symptom=f"The service in {self._names.prefix} returns 5xx errors.",
            consequence="Visitors see errors.",
            first_check="the service's log, and whether the errors began with a release.",
        )

    def _unhealthy_hosts(self, watched: Watched, thresholds: Thresholds) -> Alarm:
        return self._alarm(
            "unhealthy-hosts",
            _behind(watched, "UnHealthyHostCount", "Maximum", ONE_MINUTE),
            threshold=thresholds.unhealthy_hosts,
            datapoints=5,
            symptom=f"Hosts of {self._names.prefix} have failed the health check for five minutes.",
            consequence="The other hosts take their load. Before the first release this is expected.",
            first_check="the state and log of the container on the unhealthy hosts.",
        )

    def _latency(self, watched: Watched, thresholds: Thresholds) -> Alarm:
        return self._alarm(
            "latency",
            Expression(
                formula=LATENCY,
                metrics={
                    "latency": _behind(watched, "TargetResponseTime", "p95", FIVE_MINUTES),
                    "requests": _behind(watched, "RequestCount", "Sum", FIVE_MINUTES),
                },
            ),
            threshold=thresholds.latency_seconds,
            symptom=f"The service in {self._names.prefix} is slow: 5% of responses exceed the threshold.",
            consequence="Visitors wait.",
            first_check="the hosts' CPU, what the service waits for, and whether it began with a release.",
        )

    def _release_5xx(self, watched: Watched, thresholds: Thresholds) -> Alarm:
        return self._alarm(
            "release-5xx",
            Expression(
                formula=RELEASE_5XX,
                metrics={
                    "errors": _behind(watched, "HTTPCode_Target_5XX_Count", "Sum", ONE_MINUTE),
                    "watching": self._watching(),
                },
            ),
            threshold=thresholds.target_5xx,
            symptom=f"The service in {self._names.prefix} returns 5xx errors while a release is watched.",
            consequence="CodeDeploy stops the deployment and rolls it back.",
            first_check="the service's log since the release began; slipway watch shows the rollback.",
        )

    def _release_latency(self, watched: Watched, thresholds: Thresholds) -> Alarm:
        return self._alarm(
            "release-latency",
            Expression(
                formula=RELEASE_LATENCY,
                metrics={
                    "latency": _behind(watched, "TargetResponseTime", "p95", ONE_MINUTE),
                    "requests": _behind(watched, "RequestCount", "Sum", ONE_MINUTE),
                    "watching": self._watching(),
                },
            ),
            threshold=thresholds.latency_seconds,
            datapoints=2,  # the first requests of a container that has just started are slow
            symptom=f"The service in {self._names.prefix} is slow while a release is watched.",
            consequence="CodeDeploy stops the deployment and rolls it back.",
            first_check="what the release changed; slipway watch shows the rollback.",
        )

    def _watching(self) -> Metric:
        """The metric that a host publishes while it watches its release."""
        return Metric(
            namespace=self._names.metric_namespace,
            name=WATCHING,
            statistic="Maximum",
            period_seconds=ONE_MINUTE,
        )

    def _alarm(
        self,
        id: str,
        metric: Metric | Expression,
        *,
        threshold: float,
        symptom: str,
        consequence: str,
        first_check: str,
        datapoints: int = 1,
    ) -> Alarm:
        return Alarm(
            self,
            id,
            name=self._names.alarm(id),
            topic_arn=self._topic_arn,
            metric=metric,
            threshold=threshold,
            datapoints=datapoints,
            explanation=Explanation(
                symptom=symptom,
                consequence=consequence,
                first_check=first_check,
                runbook=f"{self._runbooks}/{id}.md",
            ),
        )


def _behind(watched: Watched, name: str, statistic: str, period_seconds: int) -> Metric:
    return Metric(
        namespace="AWS/ApplicationELB",
        name=name,
        statistic=statistic,
        period_seconds=period_seconds,
        dimensions=watched.behind_load_balancer,
    )
