"""Every log group is encrypted and expires; every alarm tells somebody, and says what to do."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from modules.config.names import Names
from tests.synthesis import Resource, Synthesised, refers_to

QUIET_UNLESS_WATCHED = "IF(FILL(watching, 0) > 0"
DIMENSIONS = {
    "HTTPCode_ELB_5XX_Count": {"LoadBalancer"},
    "HTTPCode_Target_5XX_Count": {"LoadBalancer", "TargetGroup"},
    "TargetResponseTime": {"LoadBalancer", "TargetGroup"},
    "RequestCount": {"LoadBalancer", "TargetGroup"},
    "UnHealthyHostCount": {"LoadBalancer", "TargetGroup"},
    "StatusCheckFailed": {"AutoScalingGroupName"},
}
"""Of the metrics without whose alarms nobody would know that the service is down or slow."""
OF_NAMESPACE = {
    "AWS/ApplicationELB": ({"LoadBalancer"}, {"LoadBalancer", "TargetGroup"}),
    "AWS/EC2": ({"AutoScalingGroupName"},),
}
"""By which CloudWatch counts; an alarm on any others has no data, and is silent."""
ROOT = Path(__file__).parents[2]


def metrics(alarm: Resource) -> Iterator[Mapping[str, Any]]:
    """What an alarm is on: a metric, or those of its expression."""
    if alarm.get("metric_name"):
        yield alarm.attributes
    for query in alarm.get("metric_query") or ():
        if query.get("metric"):
            yield query["metric"]


def test_every_log_group_is_encrypted_and_expires(everything: Synthesised) -> None:
    existing = Names.of(everything.pipeline).encryption_keys
    for group in everything.resources("aws_cloudwatch_log_group"):
        key = group["kms_key_id"]  # an ARN: Logs takes no alias
        assert refers_to(key, "aws_kms_key") or key in existing, group.path
        assert group["retention_in_days"] == everything.pipeline.log_retention_days, group.path
        assert not group["name"].startswith("aws/"), group.path


def test_no_service_creates_a_log_group_by_itself(everything: Synthesised) -> None:
    for policy in everything.policies():
        for statement in policy.statements:
            applies = policy.owner.path.endswith("-access/apply-storage/policy")
            assert applies or "logs:CreateLogGroup" not in statement["Action"], policy.owner.path


def test_every_alarm_tells_the_topic_and_links_a_runbook_that_exists(everything: Synthesised) -> None:
    topic = Names.of(everything.pipeline).topic_arn
    for alarm in everything.resources("aws_cloudwatch_metric_alarm"):
        assert alarm["alarm_actions"] == alarm["ok_actions"] == [topic], alarm.path
        assert alarm["actions_enabled"] is True
        assert alarm["treat_missing_data"] == "notBreaching"
        runbook = alarm["alarm_description"].partition("docs/runbooks/")[2]
        assert (ROOT / "docs/runbooks" / runbook).is_file(), f"{alarm.path}: {runbook}"


def test_each_environment_has_an_alarm_on_each_metric_that_matters(everything: Synthesised) -> None:
    for environment in everything.pipeline.environments:
        stack = f"{everything.pipeline.service}-{environment.name}"
        found = {
            metric["metric_name"]
            for resource in everything.resources("aws_cloudwatch_metric_alarm")
            if resource.stack == stack
            for metric in metrics(resource)
        }
        of_others = {"HTTPCode_ELB_5XX_Count"} if environment.existing_load_balancer else set()
        assert found >= DIMENSIONS.keys() - of_others, stack
        assert not found & of_others, f"{stack}: another service's errors would raise its alarm"


def test_alarms_name_the_dimensions_that_their_metric_has(everything: Synthesised) -> None:
    environments = Names.of(everything.pipeline).environments
    own: dict[str, tuple[set[str], ...]] = {
        environment.metric_namespace: (set(),) for environment in environments
    }
    for alarm in everything.resources("aws_cloudwatch_metric_alarm"):
        for metric in metrics(alarm):
            named = set(metric.get("dimensions") or ())
            assert named in (OF_NAMESPACE | own)[metric["namespace"]], alarm.path
            assert named == DIMENSIONS.get(metric["metric_name"], named), alarm.path


def test_a_percentile_counts_its_samples(everything: Synthesised) -> None:
    """With few of them CloudWatch keeps the alarm's state, or trusts one slow answer."""
    for alarm in everything.resources("aws_cloudwatch_metric_alarm"):
        assert not alarm.get("extended_statistic"), alarm.path
        if any(metric.get("stat", "").startswith("p") for metric in metrics(alarm)):
            assert "FILL(requests, 0) >= 200" in alarm["metric_query"][0]["expression"], alarm.path


def test_only_alarms_that_are_quiet_unless_a_release_is_watched_can_stop_one(everything: Synthesised) -> None:
    formulas = {
        resource["alarm_name"]: (resource.get("metric_query") or [{}])[0].get("expression", "")
        for resource in everything.resources("aws_cloudwatch_metric_alarm")
    }
    for group in everything.resources("aws_codedeploy_deployment_group"):
        attached = group["alarm_configuration"]["alarms"]
        gated = {name for name, formula in formulas.items() if formula.startswith(QUIET_UNLESS_WATCHED)}
        assert set(attached) == {name for name in gated if name.startswith(f"{group.stack}-release-")}, (
            group.path
        )


def test_the_alarms_of_a_release_are_on_what_its_hosts_publish(everything: Synthesised) -> None:
    published = (ROOT / "scripts/watch.sh").read_text()
    assert '--namespace "${SERVICE}/${ENVIRONMENT}" --metric-name Watching' in published
    for alarm in everything.resources("aws_cloudwatch_metric_alarm"):
        for query in alarm.get("metric_query") or ():
            if query["id"] == "watching":
                assert query["metric"]["metric_name"] == "Watching"
                assert query["metric"]["namespace"].replace("/", "-") == alarm.stack


def test_rules_that_publish_to_a_topic_do_so_without_a_role(everything: Synthesised) -> None:
    for target in everything.resources("aws_cloudwatch_event_target"):
        assert (":sns:" in target["arn"]) is (target.get("role_arn") is None), target.path
