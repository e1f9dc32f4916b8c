"""Requests that the pipeline's and CodeDeploy's roles are denied."""

from tests.security.account import Account
from tests.security.denials.denial import Denial, Subject
from tests.security.uses.deploy import GROUP_SUFFIX


def denials(account: Account) -> list[Denial]:
    """Denied requests of the pipeline role, and of the first environment's deploy role."""
    names = account.names
    return [
        *_pipeline(account, Subject(account, account.roles[names.pipeline_role])),
        *_deploy(account, Subject(account, account.roles[names.environments[0].deploy_role])),
    ]


def _pipeline(account: Account, pipeline: Subject) -> list[Denial]:
    names, arn = account.names, account.names.arn
    staging, prod = names.environments[0], names.environments[-1]
    bucket = names.bucket_arn(names.artifact_bucket)
    own, kept = f"{bucket}/{names.revision_artifact_prefix}AbCdEfG", f"{bucket}/{names.revision_prefix}1.zip"
    other_group = arn("codedeploy", "deploymentgroup:other-app/other-app-prod")
    project, other_project = (
        arn("codebuild", f"project/{each}-build") for each in (names.service, "other-app")
    )
    other_connection = f"{account.connection.rpartition('/')[0]}/00000000-0000-0000-0000-000000000000"
    use = f"{account.connection.split(':')[2]}:UseConnection"
    image = arn("ecr", f"repository/{names.repository}")
    approval = arn("codepipeline", f"{names.delivery_pipeline}/{prod.environment}/Approve")
    return [
        pipeline.not_on(
            "The pipeline overwrites a stored revision",
            "s3:PutObject",
            kept,
            but_on=own,
            but="overwriting its own artifacts",
        ),
        pipeline.never("The pipeline deletes artifacts", "s3:DeleteObject", own),
        pipeline.not_on(
            "The pipeline starts another service's build",
            "codebuild:StartBuild",
            other_project,
            but_on=project,
        ),
        pipeline.never("The pipeline changes the build project", "codebuild:UpdateProject", project),
        pipeline.not_on(
            "The pipeline deploys another service",
            "codedeploy:CreateDeployment",
            other_group,
            but_on=staging.deployment_group_arn,
        ),
        pipeline.never(
            "The pipeline changes a deployment group",
            "codedeploy:UpdateDeploymentGroup",
            staging.deployment_group_arn,
        ),
        pipeline.never("The pipeline approves its own release", "codepipeline:PutApprovalResult", approval),
        pipeline.never(
            "The pipeline changes itself",
            "codepipeline:UpdatePipeline",
            arn("codepipeline", names.delivery_pipeline),
        ),
        pipeline.not_on(
            "The pipeline uses another connection", use, other_connection, but_on=account.connection
        ),
        pipeline.not_on(
            "The pipeline publishes to another topic",
            "sns:Publish",
            arn("sns", "other-app-alerts"),
            but_on=names.topic_arn,
        ),
        pipeline.not_but(
            "The pipeline pulls images", account.roles[names.build_role], "ecr:BatchGetImage", image
        ),
        pipeline.never(
            "The pipeline passes a role to a service",
            "iam:PassRole",
            names.role_arn(prod.host_role),
            {"iam:PassedToService": "ec2.amazonaws.com"},
        ),
    ]


def _deploy(account: Account, deploy: Subject) -> list[Denial]:
    staging, prod = account.names.environments[0], account.names.environments[-1]

    def targets(name: str) -> str:
        return staging.arn("elasticloadbalancing", f"targetgroup/{name}/73e2d6bc24d8a067")

    def scaling(name: str) -> str:
        group = f"autoScalingGroup:6f5e4d3c:autoScalingGroupName/{name}-{GROUP_SUFFIX}"
        return staging.arn("autoscaling", group)

    own = scaling(staging.hosts)
    moves, hooks = "elasticloadbalancing:DeregisterTargets", "autoscaling:PutLifecycleHook"
    return [
        deploy.not_on(
            "Staging's deployment deregisters prod's hosts from the load balancer",
            moves,
            targets(prod.target_group),
            but_on=targets(staging.target_group),
        ),
        deploy.not_on(
            "Staging's deployment adds a lifecycle hook to prod's hosts",
            hooks,
            scaling(prod.hosts),
            but_on=own,
        ),
        deploy.not_on(
            "Staging's deployment adds a lifecycle hook to the hosts of staging-eu",
            hooks,
            scaling(f"{staging.hosts}-eu"),
            but_on=own,
        ),
        deploy.never("A deployment resizes the group", "autoscaling:UpdateAutoScalingGroup", own),
        deploy.never("A deployment deletes the group", "autoscaling:DeleteAutoScalingGroup", own),
        deploy.never(
            "A deployment terminates instances",
            "ec2:TerminateInstances",
            staging.arn("ec2", "instance/i-0123456789abcdef0"),
        ),
        deploy.never(
            "A deployment disables the actions of an alarm",
            "cloudwatch:DisableAlarmActions",
            staging.arn("cloudwatch", f"alarm:{staging.alarm('target-5xx')}"),
        ),
        deploy.never(
            "A deployment passes a role to a service",
            "iam:PassRole",
            staging.role_arn(staging.host_role),
            {"iam:PassedToService": "ec2.amazonaws.com"},
        ),
    ]
