"""Rules for a request as a whole: values that AWS allows one by one, but not together."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any  # a request's parameters

from local.emulator.strict.parameters import text, values
from local.emulator.strict.refusals import Refusal
from local.emulator.strict.region import EmulatedRegion
from local.emulator.strict.requests import Asked

KIBIBYTE = 1024
RETENTION = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096),
    *(1827, 2192, 2557, 2922, 3288, 3653),
)
"""The retention periods of log groups that CloudWatch Logs accepts, in days."""

Complaints = Iterator[str]


@dataclass(frozen=True)
class Whole:
    """One rule. look: yields AWS's message for each violation; what: the rule, for docs/emulator.md."""

    what: str
    calls: tuple[str, ...]
    look: Callable[[EmulatedRegion, dict[str, Any]], Complaints]
    code: str
    source: str


def check(region: EmulatedRegion, asked: Asked) -> None:
    """Raises Refusal for a request that breaks a rule."""
    for whole in WHOLES:
        if asked.name in whole.calls and (words := next(whole.look(region, asked.parameters), "")):
            raise Refusal(whole.code, words)


def _timeout_below_interval(_: EmulatedRegion, parameters: dict[str, Any]) -> Complaints:
    timeout, interval = (parameters.get(f"HealthCheck{kind}Seconds") for kind in ("Timeout", "Interval"))
    if timeout and interval and timeout >= interval:
        yield f"Health check timeout '{timeout}' must be smaller than the interval '{interval}'"


def _certificate_with_tls(_: EmulatedRegion, parameters: dict[str, Any]) -> Complaints:
    if parameters.get("Protocol") == "HTTPS" and not parameters.get("Certificates"):
        yield "A certificate must be specified for HTTPS listeners"


def _user_data(_: EmulatedRegion, parameters: dict[str, Any]) -> Complaints:
    for data in values(parameters, "LaunchTemplateData.UserData"):
        if len(base64.b64decode(text(data))) > 16 * KIBIBYTE:
            yield "User data is limited to 16384 bytes"


def _managed_policy(_: EmulatedRegion, parameters: dict[str, Any]) -> Complaints:
    if _size(parameters.get("PolicyDocument")) > 6 * KIBIBYTE:
        yield "Cannot exceed quota for PolicySize: 6144"


def _trust_policy(_: EmulatedRegion, parameters: dict[str, Any]) -> Complaints:
    document = parameters.get("AssumeRolePolicyDocument") or parameters.get("PolicyDocument")
    if _size(document) > 2 * KIBIBYTE:
        yield "Cannot exceed quota for ACLSizePerRole: 2048"


def _inline_policies(region: EmulatedRegion, parameters: dict[str, Any]) -> Complaints:
    role, name = parameters["RoleName"], parameters["PolicyName"]
    policies = {**region.inline_policies(role), name: parameters["PolicyDocument"]}
    if sum(map(_size, policies.values())) > 10 * KIBIBYTE:
        yield f"Maximum policy size of 10240 bytes exceeded for role {role}"


def _size(document: object) -> int:
    """A policy's size without white space, as IAM counts it."""
    return len("".join(text(document or "").split()))


def _retention(_: EmulatedRegion, parameters: dict[str, Any]) -> Complaints:
    days = parameters.get("retentionInDays")
    if days not in RETENTION:
        yield f"Invalid retention value. Valid values are: {list(RETENTION)}"


def _period(_: EmulatedRegion, parameters: dict[str, Any]) -> Complaints:
    periods = [*values(parameters, "Period"), *values(parameters, "Metrics[].MetricStat.Period")]
    for period in periods:
        if period not in (10, 20, 30) and period % 60:
            yield f"The period {period} must be 10, 20, 30 or a multiple of 60"
    most = 7 * 86400 if min(periods, default=0) >= 3600 else 86400
    if max(periods, default=0) * parameters.get("EvaluationPeriods", 1) > most:
        yield "Metrics cannot be checked across more than a day, or with a period of an hour than a week"


def _one_result(_: EmulatedRegion, parameters: dict[str, Any]) -> Complaints:
    metrics = parameters.get("Metrics") or []
    returned = [metric for metric in metrics if metric.get("ReturnData", True)]
    if metrics and len(returned) != 1:
        yield "Exactly one element of the metrics list should return data"
    ids = [metric["Id"] for metric in metrics]
    if len(ids) != len(set(ids)):
        yield "The values for parameter Id in the metrics list are not unique"


def _platform(_: EmulatedRegion, parameters: dict[str, Any]) -> Complaints:
    environment = parameters.get("environment") or {}
    image, kind = environment.get("image", ""), environment.get("type", "")
    if image.startswith("aws/codebuild/") and ("aarch64" in image) != kind.startswith("ARM"):
        yield f"Invalid environment: the image {image} is not for the environment type {kind}"


def _stages(_: EmulatedRegion, parameters: dict[str, Any]) -> Complaints:
    """Only the first stage has sources; names are unique; artifacts are made once, before they are used."""
    stages = parameters["pipeline"]["stages"]
    if len(stages) < 2:
        yield f"Pipeline has only {len(stages)} stage(s). There should be a minimum of 2 stages in a pipeline"
    if len({stage["name"] for stage in stages}) < len(stages):
        yield "Stage names must be unique within a pipeline"
    made: set[str] = set()
    for number, stage in enumerate(stages):
        if len({action["name"] for action in stage["actions"]}) < len(stage["actions"]):
            yield f"Action names must be unique within stage {stage['name']}"
        for action in sorted(stage["actions"], key=lambda action: int(action.get("runOrder") or 1)):
            if (action["actionTypeId"]["category"] == "Source") != (number == 0):
                yield f"Only the first stage may, and must, have source actions: {action['name']}"
            for missing in set(values(action, "inputArtifacts[].name")) - made:
                yield f"Input artifact {missing} of action {action['name']} comes from no earlier action"
            for output in values(action, "outputArtifacts[].name"):
                if output in made:
                    yield f"The output artifact {output} is made by more than one action"
                made.add(output)


def _triggers(_: EmulatedRegion, parameters: dict[str, Any]) -> Complaints:
    pipeline = parameters["pipeline"]
    if pipeline.get("triggers") and pipeline.get("pipelineType") != "V2":
        yield "Triggers are only supported for pipelines of type V2"
    sources = {
        action["name"]: action["actionTypeId"]["provider"]
        for stage in pipeline["stages"]
        for action in stage["actions"]
    }
    for action in values(pipeline, "triggers[].gitConfiguration.sourceActionName"):
        if sources.get(action) != "CodeStarSourceConnection":
            yield f"The trigger's source action {action} is not one of a connection"


def _principals(_: EmulatedRegion, parameters: dict[str, Any]) -> Complaints:
    """A bucket's policy is valid JSON, small enough, and has a principal in each statement."""
    policy = parameters.get("Policy")
    try:
        document = json.loads(text(policy))
    except ValueError:
        yield "Policies must be valid JSON and the first byte must be '{'"
        return
    if len(text(policy)) > 20 * KIBIBYTE:
        yield "Policy exceeds the maximum allowed document size"
    for statement in document.get("Statement", []):
        if "Principal" not in statement and "NotPrincipal" not in statement:
            yield "Missing required field Principal"


WHOLES = (
    Whole(
        "a health check's timeout is shorter than its interval",
        ("elbv2:CreateTargetGroup", "elbv2:ModifyTargetGroup"),
        _timeout_below_interval,
        "ValidationError",
        "elasticloadbalancing/latest/APIReference/API_CreateTargetGroup",
    ),
    Whole(
        "an HTTPS listener has a certificate",
        ("elbv2:CreateListener",),
        _certificate_with_tls,
        "ValidationError",
        "elasticloadbalancing/latest/APIReference/API_CreateListener",
    ),
    Whole(
        "user data: at most 16 KiB",
        ("ec2:CreateLaunchTemplate", "ec2:CreateLaunchTemplateVersion"),
        _user_data,
        "InvalidUserData.Malformed",
        "AWSEC2/latest/UserGuide/user-data",
    ),
    Whole(
        "a managed policy: at most 6,144 characters",
        ("iam:CreatePolicy", "iam:CreatePolicyVersion"),
        _managed_policy,
        "LimitExceeded",
        "IAM/latest/UserGuide/reference_iam-quotas",
    ),
    Whole(
        "a trust policy: at most 2,048 characters, the default quota",
        ("iam:CreateRole", "iam:UpdateAssumeRolePolicy"),
        _trust_policy,
        "LimitExceeded",
        "IAM/latest/UserGuide/reference_iam-quotas",
    ),
    Whole(
        "a role's inline policies: together at most 10,240 characters",
        ("iam:PutRolePolicy",),
        _inline_policies,
        "LimitExceeded",
        "IAM/latest/UserGuide/reference_iam-quotas",
    ),
    Whole(
        "a log group's retention: one of the periods that AWS lists",
        ("logs:PutRetentionPolicy",),
        _retention,
        "InvalidParameterException",
        "AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy",
    ),
    Whole(
        "an alarm's period, and the time over which it is evaluated",
        ("cloudwatch:PutMetricAlarm",),
        _period,
        "ValidationError",
        "AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm",
    ),
    Whole(
        "an alarm on an expression returns exactly one series",
        ("cloudwatch:PutMetricAlarm",),
        _one_result,
        "ValidationError",
        "AmazonCloudWatch/latest/APIReference/API_MetricDataQuery",
    ),
    Whole(
        "a build's image matches its environment type",
        ("codebuild:CreateProject", "codebuild:UpdateProject"),
        _platform,
        "InvalidInputException",
        "codebuild/latest/userguide/build-env-ref-available",
    ),
    Whole(
        "a pipeline's sources, names and artifacts are consistent",
        ("codepipeline:CreatePipeline", "codepipeline:UpdatePipeline"),
        _stages,
        "InvalidStructureException",
        "codepipeline/latest/userguide/reference-pipeline-structure",
    ),
    Whole(
        "triggers: only in pipelines of type V2, only on source actions of a connection",
        ("codepipeline:CreatePipeline", "codepipeline:UpdatePipeline"),
        _triggers,
        "InvalidStructureException",
        "codepipeline/latest/userguide/pipelines-triggers",
    ),
    Whole(
        "a bucket's policy: JSON, 20 KiB, a principal in each statement",
        ("s3:PutBucketPolicy",),
        _principals,
        "MalformedPolicy",
        "AmazonS3/latest/userguide/access-policy-language-overview",
    ),
)
