"""Which alarms watch an environment, when they go off, and what they tell whoever is woken."""

from dataclasses import dataclass

from constructs_lib.alarm import Alarm, Explanation, Expression, Metric

from constructs import Construct

from modules.config.names import EnvironmentNames
from modules.config.settings import Thresholds

FIVE_MINUTES = 300
ONE_MINUTE = 60
ENOUGH_REQUESTS = 200
"""In a period: of fewer, a 95th percentile says nothing (AmazonCloudWatch/latest/monitoring/
percentiles-with-low-samples: 10 / (1 - 0.95))."""
LATENCY = f"IF(FILL(requests, 0) >= {ENOUGH_REQUESTS}, latency, 0)"
WATCHING = "Watching"
RELEASE_5XX = "IF(FILL(watching, 0) > 0, errors, 0)"
RELEASE_LATENCY = f"IF(FILL(watching, 0) > 0 AND FILL(requests, 0) >= {ENOUGH_REQUESTS}, latency, 0)"


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What the metrics are about, as CloudWatch's dimensions name it."""

    load_balancer: str
    target_group: str
    auto_scaling_group: str

    @property
    def behind_load_balancer(self) -> dict[str, str]:
        """The dimensions of what CloudWatch counts for a target group behind its load balancer."""
        return {"LoadBalancer": self.load_balancer, "TargetGroup": self.target_group}


class Alarms(Construct):
    """The alarms of one environment, all to the one topic.

    ``stop_a_release``: those that are attached to the deployment group. They are quiet unless a host
    watches its release (scripts/watch.sh), so that they never refuse a deployment, nor one to a new
    host, for what happened before it. The others only notify.
    (docs/decisions/0007-alarms-that-may-stop-a-release.md)
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
    ) -> None:
        super().__init__(scope, id)
        self._names, self._topic_arn, self._runbooks = names, topic_arn, runbooks
        self.status_check = self._status_check(watched)
        self.alb_5xx = self._alb_5xx(watched, thresholds)
        self.target_5xx = self._target_5xx(watched, thresholds)
        self.unhealthy_hosts = self._unhealthy_hosts(watched, thresholds)
        self.latency = self._latency(watched, thresholds)
        self.release_5xx = self._release_5xx(watched, thresholds)
        self.release_latency = self._release_latency(watched, thresholds)
        self.stop_a_release = (self.release_5xx, self.release_latency)
        self.all = (
            *(self.status_check, self.alb_5xx, self.target_5xx, self.unhealthy_hosts, self.latency),
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
            symptom=f"A host of {self._names.prefix} fails its EC2 status check.",
            consequence="It serves nothing until it is recovered or replaced; the others carry its load.",
            first_check="which host it is, and what the EC2 console says of its system and instance checks.",
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
            symptom=f"The load balancer of {self._names.prefix} itself answers with 5xx.",
            consequence="Visitors see errors: no host is healthy, or hosts do not answer in time.",
            first_check="how many targets are healthy, and whether a deployment is running.",
        )

    def _target_5xx(self, watched: Watched, thresholds: Thresholds) -> Alarm:
        return self._alarm(
            "target-5xx",
            _behind(watched, "HTTPCode_Target_5XX_Count", "Sum", FIVE_MINUTES),
            threshold=thresholds.target_5xx,
            symptom=f"The service in {self._names.prefix} answers with 5xx.",
            consequence="Visitors see errors.",
            first_check="the service's log, and whether it began with a release.",
        )

    def _unhealthy_hosts(self, watched: Watched, thresholds: Thresholds) -> Alarm:
        return self._alarm(
            "unhealthy-hosts",
            _behind(watched, "UnHealthyHostCount", "Maximum", ONE_MINUTE),
            threshold=thresholds.unhealthy_hosts,
            datapoints=5,
            symptom=f"Hosts of {self._names.prefix} have failed the health check for five minutes.",
            consequence="The others carry their load; before the first release this is expected.",
            first_check="the container's state and log on the host that is unhealthy.",
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
            symptom=f"The service in {self._names.prefix} is slow: 5 in 100 answers are over the threshold.",
            consequence="Visitors wait.",
            first_check="CPU of the hosts, what the service waits for, and whether it began with a release.",
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
            symptom=f"The service in {self._names.prefix} answers with 5xx while a release is watched.",
            consequence="The release is stopped and goes back.",
            first_check="the service's log since the release began; slipway watch shows the way back.",
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
            consequence="The release is stopped and goes back.",
            first_check="what the release changed; slipway watch shows the way back.",
        )

    def _watching(self) -> Metric:
        """Published by each host while it watches its release."""
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
