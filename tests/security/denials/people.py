"""Requests that people with only the viewer's or the operator's policy are denied."""

from tests.security.account import Account
from tests.security.denials.denial import Denial, Subject
from tests.security.uses.use import with_key


def denials(account: Account) -> list[Denial]:
    """Denied requests of the viewer and the operator."""
    return [
        *_viewer(account, Subject(account, account.people["viewer"])),
        *_operator(account, Subject(account, account.people["operator"])),
        *_far(account, Subject(account, account.people["operator"])),
    ]


def _viewer(account: Account, viewer: Subject) -> list[Denial]:
    names, staging = account.names, account.names.environments[0]
    operator = account.people["operator"]
    parameter = staging.arn("ssm", f"parameter{staging.parameter_path}/LOG_LEVEL")
    approval = names.arn("codepipeline", f"{names.delivery_pipeline}/{staging.environment}/Approve")
    stage = names.arn("codepipeline", f"{names.delivery_pipeline}/{staging.environment}")
    state = names.bucket_arn(names.state_bucket)
    group = staging.deployment_group_arn
    transition, deploys = "codepipeline:DisableStageTransition", "codedeploy:CreateDeployment"
    return [
        viewer.not_but("A viewer deploys", operator, deploys, group),
        viewer.not_but("A viewer stops a deployment", operator, "codedeploy:StopDeployment", "*"),
        viewer.not_but("A viewer approves a release", operator, "codepipeline:PutApprovalResult", approval),
        viewer.not_but("A viewer disables a stage transition", operator, transition, stage),
        viewer.not_but("A viewer changes the configuration", operator, "ssm:PutParameter", parameter),
        viewer.never(
            "A viewer reads a secret",
            "kms:Decrypt",
            account.key(staging.key_alias),
            {
                **with_key(account, staging.key_alias, ViaService=f"ssm.{names.region}.amazonaws.com"),
                "kms:EncryptionContext:PARAMETER_ARN": parameter,
            },
        ),
        viewer.never(
            "A viewer reads Terraform's state",
            "s3:GetObject",
            f"{state}/{names.state_key(names.foundation_stack)}",
        ),
        viewer.not_but(
            "A viewer pulls an image",
            account.roles[names.build_role],
            "ecr:BatchGetImage",
            names.arn("ecr", f"repository/{names.repository}"),
        ),
        viewer.never(
            "A viewer opens a session on a host",
            "ssm:StartSession",
            staging.arn("ec2", "instance/i-0123456789abcdef0"),
        ),
    ]


def _operator(account: Account, operator: Subject) -> list[Denial]:
    names, staging = account.names, account.names.environments[0]
    arn, builder = names.arn, account.roles[names.build_role]
    kept = f"{names.bucket_arn(names.artifact_bucket)}/{names.revision_prefix}4f55ab0.zip"
    image = arn("ecr", f"repository/{names.repository}")
    state = f"{names.bucket_arn(names.state_bucket)}/{names.state_key(names.foundation_stack)}"
    role = names.role_arn(staging.deploy_role)
    passed = {"iam:PassedToService": "codedeploy.amazonaws.com"}
    log = arn("logs", f"log-group:{staging.log_group('app')}")
    alarm = staging.arn("cloudwatch", f"alarm:{staging.alarm('target-5xx')}")
    pipeline, project = (
        arn("codepipeline", names.delivery_pipeline),
        arn("codebuild", f"project/{builder.name}"),
    )
    return [
        operator.never("An operator changes the pipeline", "codepipeline:UpdatePipeline", pipeline),
        operator.never("An operator starts a build", "codebuild:StartBuild", project),
        operator.not_but("An operator replaces a revision", builder, "s3:PutObject", kept),
        operator.never("An operator deletes a revision", "s3:DeleteObject", kept),
        operator.not_but("An operator pushes an image", builder, "ecr:PutImage", image),
        operator.never("An operator deletes an image", "ecr:BatchDeleteImage", image),
        operator.never("An operator passes a role to a service", "iam:PassRole", role, passed),
        operator.never("An operator adds a policy to a role", "iam:PutRolePolicy", role),
        operator.never("An operator writes Terraform's state", "s3:PutObject", state),
        operator.never("An operator deletes logs", "logs:DeleteLogGroup", log),
        operator.never("An operator deletes an alarm", "cloudwatch:DeleteAlarms", alarm),
        operator.never("An operator publishes alerts", "sns:Publish", names.topic_arn),
        operator.never(
            "An operator terminates a host",
            "ec2:TerminateInstances",
            staging.arn("ec2", "instance/i-0123456789abcdef0"),
        ),
    ]


def _far(account: Account, operator: Subject) -> list[Denial]:
    """Denied requests on resources of another service."""
    names, staging = account.names, account.names.environments[0]
    arn, key = names.arn, account.key(staging.key_alias)
    own = staging.arn("ssm", f"parameter{staging.parameter_path}/PASSWORD")
    other = staging.arn("ssm", "parameter/other-app/staging/PASSWORD")
    about, via = "kms:EncryptionContext:PARAMETER_ARN", f"ssm.{names.region}.amazonaws.com"
    through_store = with_key(account, staging.key_alias, ViaService=via)
    stages = [
        arn("codepipeline", f"{each}/staging/Approve") for each in ("other-app", names.delivery_pipeline)
    ]
    return [
        operator.not_on(
            "An operator deploys another service",
            "codedeploy:CreateDeployment",
            arn("codedeploy", "deploymentgroup:other-app/other-app-prod"),
            but_on=staging.deployment_group_arn,
        ),
        operator.not_on(
            "An operator approves another service's release",
            "codepipeline:PutApprovalResult",
            stages[0],
            but_on=stages[1],
        ),
        operator.not_on(
            "An operator changes another service's configuration", "ssm:PutParameter", other, but_on=own
        ),
        operator.not_on(
            "An operator decrypts another service's secret with this service's key",
            "kms:Decrypt",
            key,
            context={**through_store, about: other},
            but_on=key,
            but_context={**through_store, about: own},
            but="decrypting its own service's secrets",
        ),
        operator.not_on(
            "An operator decrypts by calling KMS directly",
            "kms:Decrypt",
            key,
            context={**with_key(account, staging.key_alias), about: own},
            but_on=key,
            but_context={**through_store, about: own},
            but="the same through Parameter Store",
        ),
    ]
