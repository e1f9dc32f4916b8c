"""What the ``slipway`` command calls when it acts: for whoever releases, goes back and configures.

A test records the calls of every command and holds these statements, and those of viewers, against them,
both ways.
"""

from constructs_lib.policy import Statement

from modules.config.names import Names
from modules.viewer_permissions import REFERENCE, parameters, viewer


def operator(names: Names) -> list[Statement]:
    """All that a viewer may, and every command that changes what runs or how it is configured."""
    return [
        *viewer(names),
        *_deploying(names),
        *_releasing(names),
        _renewing(names),
        *_configuring(names),
    ]


def _deploying(names: Names) -> list[Statement]:
    """CodeDeploy asks its caller for the configuration and the revision too, when it creates a deployment.

    UpdateDeploymentGroup is what it takes to override the group's alarms for one deployment: a release
    that is bad keeps its alarm on, and would keep everybody from going back. Changing the group itself
    takes iam:PassRole of its role besides, which nobody has here.
    (docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html)
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
                names.arn("codedeploy", f"deploymentconfig:{each}")
                for each in ("CodeDeployDefault.*", f"{names.service}-*")
            ],
        ),
        Statement(
            actions=["codedeploy:StopDeployment"],
            resources=["*"],
            reason=f"it asks by a deployment's id; AWS knows no resource for it ({REFERENCE})",
        ),
    ]


def _releasing(names: Names) -> list[Statement]:
    """Hold the pipeline before a stage, let it go on, answer its approvals."""
    stages = names.arn("codepipeline", f"{names.delivery_pipeline}/*")
    return [
        Statement(
            actions=["codepipeline:DisableStageTransition", "codepipeline:EnableStageTransition"],
            resources=[stages],
        ),
        Statement(actions=["codepipeline:PutApprovalResult"], resources=[f"{stages}/*"]),
    ]


def _renewing(names: Names) -> Statement:
    """Have Auto Scaling replace hosts; their number, their image and their role stay as they are."""
    return Statement(
        actions=["autoscaling:SetInstanceHealth", "autoscaling:StartInstanceRefresh"],
        resources=[names.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{names.service}-*")],
    )


def _configuring(names: Names) -> list[Statement]:
    """Parameters, and the keys of secrets: through Parameter Store alone, for this service's alone."""
    return [
        Statement(actions=["ssm:DeleteParameter", "ssm:PutParameter"], resources=[parameters(names)]),
        Statement(
            actions=["kms:Decrypt", "kms:Encrypt"],
            resources=[names.arn("kms", "key/*")],
            conditions={
                "ForAnyValue:StringLike": {"kms:ResourceAliases": f"alias/{names.service}-*"},
                "StringEquals": {"kms:ViaService": f"ssm.{names.region}.amazonaws.com"},
                "StringLike": {"kms:EncryptionContext:PARAMETER_ARN": parameters(names)},
            },
        ),
    ]
