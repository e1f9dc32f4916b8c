"""Rules for CodeDeploy, for which checkov has hardly any checks."""

from collections.abc import Iterator

from tests.security.rules.rule import rules, setting
from tests.synthesis import Synthesised

GROUP = "aws_codedeploy_deployment_group"
EVENTS = {"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"}


def rolls_back(everything: Synthesised) -> Iterator[str]:
    """If a release fails, or an alarm or a person stops it, the last successful revision is deployed."""
    for group in everything.resources(GROUP):
        rollback = group.get("auto_rollback_configuration") or {}
        if rollback.get("enabled") is not True or set(rollback.get("events", ())) != EVENTS:
            yield group.path


def alarms_attached(everything: Synthesised) -> Iterator[str]:
    """Alarms of the same environment stop a deployment, also if their state cannot be read."""
    alarms = {
        (resource.stack, resource["alarm_name"]): resource
        for resource in everything.resources("aws_cloudwatch_metric_alarm")
    }
    for group in everything.resources(GROUP):
        configuration = group.get("alarm_configuration") or {}
        on = configuration.get("enabled") is True and not configuration.get("ignore_poll_alarm_failure")
        names = configuration.get("alarms") or []
        if not (on and names and all((group.stack, name) in alarms for name in names)):
            yield group.path


def traffic_controlled(everything: Synthesised) -> Iterator[str]:
    """During a deployment a host is deregistered from the load balancer of its own environment."""
    for group in everything.resources(GROUP):
        style, info = group.get("deployment_style") or {}, group.get("load_balancer_info") or {}
        named = [each["name"] for each in info.get("target_group_info", ())]
        own = [
            resource["name"]
            for resource in everything.resources("aws_lb_target_group")
            if resource.stack == group.stack
        ]
        if style.get("deployment_option") != "WITH_TRAFFIC_CONTROL" or named != own:
            yield group.path


def in_place(everything: Synthesised) -> Iterator[str]:
    """Deployments are in place: blue/green would replace Auto Scaling groups that Terraform manages."""
    for group in everything.resources(GROUP):
        style = group.get("deployment_style") or {}
        if style.get("deployment_type") != "IN_PLACE" or group.get("blue_green_deployment_config"):
            yield group.path


def one_group_for_hosts(everything: Synthesised) -> Iterator[str]:
    """One deployment group deploys to each Auto Scaling group, and none selects hosts by tag."""
    for hosts in everything.resources("aws_autoscaling_group"):
        if len(everything.referring_to(hosts, GROUP)) != 1:
            yield hosts.path
    for group in everything.resources(GROUP):
        if group.get("ec2_tag_set") or group.get("ec2_tag_filter") or len(group["autoscaling_groups"]) != 1:
            yield group.path


RULES = rules(
    (
        rolls_back,
        {
            "disabled": setting(GROUP, auto_rollback_configuration__enabled=False),
            "removed": setting(GROUP, auto_rollback_configuration=None),
            "not on alarm": setting(GROUP, auto_rollback_configuration__events=["DEPLOYMENT_FAILURE"]),
        },
    ),
    (
        alarms_attached,
        {
            "disabled": setting(GROUP, alarm_configuration__enabled=False),
            "no alarms": setting(GROUP, alarm_configuration__alarms=[]),
            "an alarm of another service": setting(GROUP, alarm_configuration__alarms=["other-latency"]),
            "ignored if its state cannot be read": setting(
                GROUP, alarm_configuration__ignore_poll_alarm_failure=True
            ),
        },
    ),
    (
        traffic_controlled,
        {
            "disabled": setting(GROUP, deployment_style__deployment_option="WITHOUT_TRAFFIC_CONTROL"),
            "AWS's default": setting(GROUP, deployment_style=None),
            "without a target group": setting(GROUP, load_balancer_info=None),
            "the target group of another service": setting(
                GROUP, load_balancer_info={"target_group_info": [{"name": "other"}]}
            ),
        },
    ),
    (
        in_place,
        {
            "blue/green": setting(GROUP, deployment_style__deployment_type="BLUE_GREEN"),
            "with a green fleet": setting(
                GROUP,
                blue_green_deployment_config={
                    "green_fleet_provisioning_option": {"action": "COPY_AUTO_SCALING_GROUP"}
                },
            ),
        },
    ),
    (
        one_group_for_hosts,
        {
            "hosts by tag": setting(GROUP, ec2_tag_set=[{"ec2_tag_filter": [{"key": "service"}]}]),
            "no Auto Scaling group": setting(GROUP, autoscaling_groups=[]),
        },
    ),
)
