"""The IAM requests of a recorded call: actions, resources and context."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from modules.config.names import Names
from tests.security.evaluation import Context
from tests.security.recorded import ACTIONS
from tests.slipway.recorded import Call

NOTHING = {"sts:GetCallerIdentity"}
"""Calls that need no permission."""

SERVICES = {"elbv2": "elasticloadbalancing", "service-quotas": "servicequotas"}
GIVEN = {"acm": "CertificateArn", "kms": "KeyId", "sns": "TopicArn"}
"""By service: the parameter that has the resource's ARN."""
RENAMED = ("codeconnections", "codestar-connections")
KEY = "key/12345678-90ab-cdef-1234-567890abcdef"


@dataclass(frozen=True)
class Asked:
    """One request that IAM decides on."""

    action: str
    resource: str = "*"
    context: Context = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}" + (f" {self.context}" if self.context else "")


def asked(call: Call, names: Names) -> Iterator[Asked]:
    """The IAM requests of a call."""
    service = SERVICES.get(call.service, call.service)
    name = f"{service}:{call.operation}"
    action = ACTIONS.get(name, name)
    if name in NOTHING:
        return
    if service == "codedeploy":
        yield from _codedeploy(call, names)
    elif service == "s3":
        yield from _s3(action, call.parameters, names)
    elif service == "ssm":
        yield from _ssm(action, call.parameters, names)
    elif service == "autoscaling" and not call.operation.startswith("Describe"):
        group = f"autoScalingGroup:6f5e4d3c:autoScalingGroupName/{names.environments[0].hosts}-20261123"
        yield Asked(action, names.arn(service, group))
    elif service == "codeconnections":
        for each in RENAMED:
            arn = names.arn(each, "connection/12345678-90ab-cdef-1234-567890abcdef")
            yield Asked(f"{each}:{call.operation}", arn if call.operation == "GetConnection" else "*")
    else:
        yield Asked(action, _resource(action, call.parameters, names))


def _resource(action: str, said: Any, names: Names) -> str:  # noqa: ANN401 - as boto3 takes it
    """The resource of a call that asks for an action; ``*`` if it has none."""
    service = action.partition(":")[0]
    if service == "codepipeline":
        pipeline = said.get("name") or said["pipelineName"]
        path = (pipeline, said.get("stageName"), said.get("actionName"))
        return names.arn("codepipeline", "/".join(each for each in path if each))
    if service in GIVEN:
        return str(said[GIVEN[service]])
    if service == "ecr":
        repository = said.get("repositoryName") or said["repositoryNames"][0]
        return names.arn("ecr", f"repository/{repository}")
    if action == "ec2:DescribeVpcAttribute":
        return names.arn("ec2", f"vpc/{said['VpcId']}")
    named = {
        "cloudwatch": "alarm:*",
        "logs": "log-group:{logGroupName}:log-stream:",
        "servicequotas": "{ServiceCode}/{QuotaCode}",
    }
    return names.arn(service, named[service].format(**said)) if service in named else "*"


def _codedeploy(call: Call, names: Names) -> Iterator[Asked]:
    """By deployment, CodeDeploy asks for the group that it is of; here, the first environment's.

    docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-permissions-reference.html
    docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html
    """
    said, action = call.parameters, f"codedeploy:{call.operation}"
    first = names.environments[0].deployment_group
    group = names.arn("codedeploy", f"deploymentgroup:{names.application}/")
    application = names.arn("codedeploy", f"application:{names.application}")
    if call.operation in {"BatchGetDeploymentTargets", "ListDeploymentTargets", "StopDeployment"}:
        yield Asked(action)
        return
    for deployment_group_name in said.get("deploymentGroupNames", [said.get("deploymentGroupName", first)]):
        yield Asked(action, group + deployment_group_name)
    if call.operation == "CreateDeployment":
        yield Asked("codedeploy:GetApplicationRevision", application)
        yield Asked("codedeploy:RegisterApplicationRevision", application)
        for config in ("CodeDeployDefault.OneAtATime", f"{first}-hosts-2"):
            yield Asked(
                "codedeploy:GetDeploymentConfig", names.arn("codedeploy", f"deploymentconfig:{config}")
            )
    if "overrideAlarmConfiguration" in said:
        yield Asked("codedeploy:UpdateDeploymentGroup", group + said["deploymentGroupName"])


def _s3(action: str, said: Any, names: Names) -> Iterator[Asked]:  # noqa: ANN401 - as boto3 takes it
    bucket = names.bucket_arn(said["Bucket"])
    yield Asked(action, f"{bucket}/{said['Key']}" if "Key" in said else bucket)
    if "Key" in said:
        if "VersionId" in said:
            yield Asked(f"{action}Version", f"{bucket}/{said['Key']}")
        yield _key("kms:Decrypt", "s3", names.key_alias, names)


def _ssm(action: str, said: Any, names: Names) -> Iterator[Asked]:  # noqa: ANN401 - as boto3 takes it
    parameter = names.arn("ssm", f"parameter{said.get('Name') or said['Path']}")
    yield Asked(action, parameter)
    alias, secret = names.environments[0].key_alias, parameter if "Name" in said else f"{parameter}/SECRET"
    if said.get("WithDecryption"):
        yield _key("kms:Decrypt", "ssm", alias, names, PARAMETER_ARN=secret)
    if said.get("KeyId"):
        yield _key("kms:Encrypt", "ssm", said["KeyId"], names, PARAMETER_ARN=secret)


def _key(action: str, service: str, alias: str, names: Names, **encryption: str) -> Asked:
    context: dict[str, str | list[str]] = {
        "kms:ResourceAliases": [alias],
        "kms:ViaService": f"{service}.{names.region}.amazonaws.com",
        **{f"kms:EncryptionContext:{name}": value for name, value in encryption.items()},
    }
    return Asked(action, names.arn("kms", KEY), context)
