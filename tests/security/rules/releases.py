"""Rules for CodeDeploy and CodePipeline, which checkov has none or next to none for."""

from collections.abc import Iterator
from typing import Any

from modules.config.names import Names
from tests.security.rules.rule import Stacks, each, rules, setting
from tests.synthesis import Synthesised

GROUP, PIPELINE = "aws_codedeploy_deployment_group", "aws_codepipeline"
EVENTS = {"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"}


def rolls_back(everything: Synthesised) -> Iterator[str]:
    """A release that fails, or that an alarm or a person stops, is followed by the last good revision."""
    for group in everything.resources(GROUP):
        rollback = group.get("auto_rollback_configuration") or {}
        if rollback.get("enabled") is not True or set(rollback.get("events", ())) != EVENTS:
            yield group.path


def alarms_attached(everything: Synthesised) -> Iterator[str]:
    """Alarms of its own environment stop a release; one that cannot be asked stops it too."""
    alarms = {
        (each.stack, each["alarm_name"]): each for each in everything.resources("aws_cloudwatch_metric_alarm")
    }
    for group in everything.resources(GROUP):
        configuration = group.get("alarm_configuration") or {}
        on = configuration.get("enabled") is True and not configuration.get("ignore_poll_alarm_failure")
        names = configuration.get("alarms") or []
        if not (on and names and all((group.stack, name) in alarms for name in names)):
            yield group.path


def traffic_controlled(everything: Synthesised) -> Iterator[str]:
    """A host is out of traffic while its release changes, in the load balancer of its own environment."""
    for group in everything.resources(GROUP):
        style, info = group.get("deployment_style") or {}, group.get("load_balancer_info") or {}
        named = [each["name"] for each in info.get("target_group_info", ())]
        own = [
            each["name"] for each in everything.resources("aws_lb_target_group") if each.stack == group.stack
        ]
        if style.get("deployment_option") != "WITH_TRAFFIC_CONTROL" or named != own:
            yield group.path


def in_place(everything: Synthesised) -> Iterator[str]:
    """Releases change hosts in place: blue/green would replace Auto Scaling groups that Terraform owns."""
    for group in everything.resources(GROUP):
        style = group.get("deployment_style") or {}
        if style.get("deployment_type") != "IN_PLACE" or group.get("blue_green_deployment_config"):
            yield group.path


def one_group_for_hosts(everything: Synthesised) -> Iterator[str]:
    """Hosts are released to as members of their Auto Scaling group, by one deployment group, by no tag."""
    for hosts in everything.resources("aws_autoscaling_group"):
        if len(everything.referring_to(hosts, GROUP)) != 1:
            yield hosts.path
    for group in everything.resources(GROUP):
        if group.get("ec2_tag_set") or group.get("ec2_tag_filter") or len(group["autoscaling_groups"]) != 1:
            yield group.path


def asks_first(everything: Synthesised) -> Iterator[str]:
    """Where the settings ask for approval, a person says yes before anything of the environment changes."""
    wanted = {each.name for each in everything.pipeline.environments if each.approval}
    for stage in _deploying(everything):
        deploys = [each.get("run_order", 1) for each in stage["action"] if each["category"] == "Deploy"]
        asked = [each.get("run_order", 1) for each in stage["action"] if each["provider"] == "Manual"]
        if stage["name"] in wanted and not (asked and min(asked) < min(deploys)):
            yield stage["name"]
        wanted.discard(stage["name"])
    yield from sorted(wanted)


def store_encrypted(everything: Synthesised) -> Iterator[str]:
    """Artifacts lie in the service's own bucket, encrypted with the service's own key."""
    names = Names.of(everything.pipeline)
    key = {"type": "KMS", "id": names.arn("kms", names.key_alias)}
    for pipeline in everything.resources(PIPELINE):
        for store in pipeline["artifact_store"]:
            if (store["location"], store.get("encryption_key")) != (names.artifact_bucket, key):
                yield pipeline.path


def built_once(everything: Synthesised) -> Iterator[str]:
    """What is deployed is what the one build has made; an environment gets what the one before it got."""
    built = [made for action in _actions(everything) if action["provider"] == "CodeBuild"
             for made in action["output_artifacts"]]  # fmt: skip
    for stage in _deploying(everything):
        for action in stage["action"]:
            if action["category"] == "Deploy" and action["input_artifacts"] != built:
                yield stage["name"]


def _actions(everything: Synthesised) -> Iterator[dict[str, Any]]:
    for pipeline in everything.resources(PIPELINE):
        for stage in pipeline["stage"]:
            yield from stage["action"]


def _deploying(everything: Synthesised) -> list[dict[str, Any]]:
    return [
        stage
        for pipeline in everything.resources(PIPELINE)
        for stage in pipeline["stage"]
        if any(action["category"] == "Deploy" for action in stage["action"])
    ]


def unasked(stacks: Stacks) -> None:
    """No action asks a person."""
    for pipeline in each(stacks, PIPELINE):
        for stage in pipeline["stage"]:
            stage["action"] = [action for action in stage["action"] if action["provider"] != "Manual"]


def asked_too_late(stacks: Stacks) -> None:
    """People are asked when it is done."""
    for pipeline in each(stacks, PIPELINE):
        for stage in pipeline["stage"]:
            for action in stage["action"]:
                action["run_order"] = 3 if action["provider"] == "Manual" else 1


def source_deployed(stacks: Stacks) -> None:
    """CodeDeploy gets the commit as it is."""
    for pipeline in each(stacks, PIPELINE):
        for stage in pipeline["stage"]:
            for action in stage["action"]:
                if action["category"] == "Deploy":
                    action["input_artifacts"] = ["Source"]


RULES = rules(
    (
        rolls_back,
        {
            "off": setting(GROUP, auto_rollback_configuration__enabled=False),
            "gone": setting(GROUP, auto_rollback_configuration=None),
            "not on alarm": setting(GROUP, auto_rollback_configuration__events=["DEPLOYMENT_FAILURE"]),
        },
    ),
    (
        alarms_attached,
        {
            "off": setting(GROUP, alarm_configuration__enabled=False),
            "none": setting(GROUP, alarm_configuration__alarms=[]),
            "of somebody else": setting(GROUP, alarm_configuration__alarms=["other-latency"]),
            "ignored when it cannot be asked": setting(
                GROUP, alarm_configuration__ignore_poll_alarm_failure=True
            ),
        },
    ),
    (
        traffic_controlled,
        {
            "off": setting(GROUP, deployment_style__deployment_option="WITHOUT_TRAFFIC_CONTROL"),
            "as AWS has it": setting(GROUP, deployment_style=None),
            "without a target group": setting(GROUP, load_balancer_info=None),
            "of somebody else": setting(GROUP, load_balancer_info={"target_group_info": [{"name": "other"}]}),
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
            "by tag": setting(GROUP, ec2_tag_set=[{"ec2_tag_filter": [{"key": "service"}]}]),
            "by nobody": setting(GROUP, autoscaling_groups=[]),
        },
    ),
    (asks_first, {"nobody": unasked, "too late": asked_too_late}),
    (
        store_encrypted,
        {
            "with S3's key": setting(PIPELINE, artifact_store__encryption_key=None),
            "with another key": setting(
                PIPELINE, artifact_store__encryption_key={"type": "KMS", "id": "alias/aws/s3"}
            ),
            "elsewhere": setting(PIPELINE, artifact_store__location="somebody-elses-bucket"),
        },
    ),
    (built_once, {"the source": source_deployed}),
)
