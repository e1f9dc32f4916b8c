"""The permissions of operators: everything that ``slipway`` commands call to deploy, roll back and configure.

A test records the calls of every command and compares them with these statements and those of viewers:
none may be missing, none unused.
"""

from constructs_lib.policy import Conditions, Statement

from modules.config.names import Names
from modules.viewer_permissions import REFERENCE, looking, parameters

SECRET_USE = ("kms:Decrypt", "kms:Encrypt")
"""The actions on a key with which Parameter Store reveals and sets secrets."""


def operator(names: Names) -> list[Statement]:
    """What a viewer may of the service's own, and every command that changes releases or configuration.

    A policy with the reads of what exists already as well could be longer than IAM allows.
    """
    return [
        *looking(names),
        *_deploying(names),
        *_releasing(names),
        _renewing(names),
        *_configuring(names),
    ]


def _deploying(names: Names) -> list[Statement]:
    """Create deployments, which also requires permissions on the configuration and the revision.

    UpdateDeploymentGroup is required to override the group's alarms for one deployment: the alarm of a bad
    release stays in ALARM and would otherwise block every rollback. Changing the group itself also requires
    iam:PassRole on its role, which no policy here grants
    (docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html).
    """
    return [
        Statement(
            actions=["codedeploy:CreateDeployment", "codedeploy:UpdateDeploymentGroup"],
            resources=[names.arn("codedeploy", f"deploymentgroup:{names.application}/*")],
        ),
        Statement(
            actions=["codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"],
            resources=[names.arn("codedeploy", f"application:{names.application}")],
        ),
        Statement(
            actions=["codedeploy:GetDeploymentConfig"],
            resources=[
                names.arn("codedeploy", f"deploymentconfig:{configuration}")
                for configuration in ("CodeDeployDefault.*", f"{names.service}-*")
            ],
        ),
        Statement(
            actions=["codedeploy:StopDeployment"],
            resources=["*"],
            reason=f"it takes a deployment's id and has no resource-level permissions ({REFERENCE})",
        ),
    ]


def _releasing(names: Names) -> list[Statement]:
    """Disable and enable transitions into stages of the pipeline, and answer its approvals."""
    stages = names.arn("codepipeline", f"{names.delivery_pipeline}/*")
    return [
        Statement(
            actions=["codepipeline:DisableStageTransition", "codepipeline:EnableStageTransition"],
            resources=[stages],
        ),
        Statement(actions=["codepipeline:PutApprovalResult"], resources=[f"{stages}/*"]),
    ]


def _renewing(names: Names) -> Statement:
    """Let Auto Scaling replace hosts, without permission to change their number, image or role."""
    return Statement(
        actions=["autoscaling:SetInstanceHealth", "autoscaling:StartInstanceRefresh"],
        resources=[names.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{names.service}-*")],
    )


def _configuring(names: Names) -> list[Statement]:
    """Write this service's parameters, and use the keys of its secrets, only through Parameter Store."""
    conditions: Conditions = {
        "StringEquals": {"kms:ViaService": f"ssm.{names.region}.amazonaws.com"},
        "StringLike": {"kms:EncryptionContext:PARAMETER_ARN": parameters(names)},
    }
    if all(environment.key_arn is None for environment in names.environments):
        aliases = {"ForAnyValue:StringLike": {"kms:ResourceAliases": f"alias/{names.service}-*"}}
        conditions = {**aliases, **conditions}
    # With keys that exist already, the parameter alone limits it: a policy with their ARNs can be too long.
    return [
        Statement(actions=["ssm:DeleteParameter", "ssm:PutParameter"], resources=[parameters(names)]),
        Statement(
            actions=SECRET_USE,
            resources=[names.arn("kms", "key/*")],
            conditions=conditions,
        ),
    ]
