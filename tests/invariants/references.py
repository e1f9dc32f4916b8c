"""What stacks know by name, and AWS does not look for when it is told: whether some stack makes it.

AWS takes such a name, or nobody knows what it does (scripts/local/emulator/strict/references.py); what is
missing shows only when a release comes by.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any  # a resource is JSON

from tests.synthesis import Resource, Synthesised

REFERENCE = re.compile(r"\$\{(?P<type>\w+)\.(?P<id>[\w-]+)\.\w+\}")


@dataclass(frozen=True)
class NamedReference:
    """An attribute that names something. path: where, ``[]`` for each of a list; type, attribute: of what,
    one of several types with ``|`` between them.
    """

    by: str
    path: str
    type: str
    attribute: str


NAMED = (
    NamedReference(
        "aws_codepipeline", "stage[].action[].configuration.ProjectName", "aws_codebuild_project", "name"
    ),
    NamedReference(
        "aws_codepipeline", "stage[].action[].configuration.ApplicationName", "aws_codedeploy_app", "name"
    ),
    NamedReference(
        "aws_codepipeline",
        "stage[].action[].configuration.DeploymentGroupName",
        "aws_codedeploy_deployment_group",
        "deployment_group_name",
    ),
    NamedReference(
        "aws_codepipeline", "stage[].action[].configuration.NotificationArn", "aws_sns_topic", "name"
    ),
    NamedReference("aws_codepipeline", "artifact_store[].location", "aws_s3_bucket", "bucket"),
    NamedReference("aws_codepipeline", "artifact_store[].encryption_key.id", "aws_kms_alias", "name"),
    NamedReference(
        "aws_codebuild_project", "logs_config.cloudwatch_logs.group_name", "aws_cloudwatch_log_group", "name"
    ),
    NamedReference("aws_codebuild_project", "repositories", "aws_ecr_repository", "name"),
    NamedReference("aws_codedeploy_deployment_group", "app_name", "aws_codedeploy_app", "name"),
    NamedReference(
        "aws_codedeploy_deployment_group",
        "load_balancer_info.target_group_info[].name",
        "aws_lb_target_group",
        "name",
    ),
    NamedReference(
        "aws_codedeploy_deployment_group",
        "alarm_configuration.alarms[]",
        "aws_cloudwatch_metric_alarm",
        "alarm_name",
    ),
    NamedReference(
        "aws_codedeploy_deployment_group",
        "trigger_configuration[].trigger_target_arn",
        "aws_sns_topic",
        "name",
    ),
    NamedReference("aws_cloudwatch_metric_alarm", "alarm_actions[]", "aws_sns_topic", "name"),
    NamedReference("aws_cloudwatch_event_target", "arn", "aws_sns_topic|aws_codepipeline", "name"),
    NamedReference("aws_flow_log", "iam_role_arn", "aws_iam_role", "name"),
    NamedReference("aws_flow_log", "log_destination", "aws_cloudwatch_log_group", "name"),
)


def dangling(everything: Synthesised) -> Iterator[str]:
    """Each name of something that no stack makes, and that does not exist by the settings."""
    for reference in NAMED:
        wanted = reference.type.replace("|", " or ")
        types = reference.type.split("|")
        made = {resource[reference.attribute] for resource in everything.resources(*types)}
        made |= {name for kind, name in _existing(everything) if kind in types}
        for resource in everything.resources(reference.by):
            for name in _named(resource, reference.path):
                if not (_is_declared(everything, resource, name) or _last_word(name) in made):
                    yield f"{resource.path} names {wanted} {name}, which no stack makes"


def _existing(everything: Synthesised) -> Iterator[tuple[str, str]]:
    """What the settings name because it exists already, by type and name."""
    pipeline = everything.pipeline
    if repository := pipeline.registry.repository:
        yield "aws_ecr_repository", repository
    if topic := pipeline.alerts.topic_arn:
        yield "aws_sns_topic", _last_word(topic)
    if key := pipeline.key_arn:
        yield "aws_kms_alias", _last_word(key)


def _named(resource: Resource, path: str) -> Iterator[str]:
    if path != "repositories":
        yield from _values(resource.attributes, path)
        return
    for variable in resource["environment"]["environment_variable"]:
        if variable["name"].endswith("_REPOSITORY"):
            yield variable["value"].partition("/")[2]


def _values(value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - JSON
    """The values at a path; Terraform's JSON writes a block as an object, or as a list of one."""
    name, _, rest = path.partition(".")
    found = value.get(name.removesuffix("[]")) if value else None
    for each in found if isinstance(found, list) else [found]:
        if each is not None:
            yield from _values(each, rest) if rest else iter([str(each)])


def _is_declared(everything: Synthesised, resource: Resource, name: str) -> bool:
    """Whether it is an expression, whose resource is there: Terraform itself looks."""
    found = REFERENCE.fullmatch(name)
    declared = everything.stacks[resource.stack].get("resource", {})
    return found is not None and found["id"] in declared.get(found["type"], {})


def _last_word(name: str) -> str:
    """A name; of an ARN what stands behind the last colon."""
    return name.rpartition(":")[2] if name.startswith("arn:") else name


def changed(everything: Synthesised, type: str, path: str, value: object) -> Synthesised:
    """The same with a mistake in the first resource of a type: another value at a path of keys, numbers."""
    stacks = json.loads(json.dumps(everything.stacks))
    resources = next(found for stack in stacks.values() if (found := stack.get("resource", {}).get(type)))
    *keys, last = path.split(".")
    place = next(iter(resources.values()))
    for key in keys:
        place = place[int(key) if key.isdigit() else key]
    place[int(last) if last.isdigit() else last] = value
    return Synthesised(everything.pipeline, stacks, everything.manifest)
