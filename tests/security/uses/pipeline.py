"""Calls of CodePipeline's role: artifacts, source, build, deployments, approvals."""

from modules.config.names import Names
from modules.config.settings import PipelineSettings
from modules.deployment import configuration
from tests.security.account import Account
from tests.security.uses.use import CODEPIPELINE, Use, publishing, with_key

ROLE = f"{CODEPIPELINE}/how-to-custom-role.html"
CDK = "github.com/aws/aws-cdk packages/aws-cdk-lib/aws-codepipeline-actions/lib"


def uses(account: Account) -> list[Use]:
    """Calls of the pipeline role."""
    pipeline, names = account.synthesised.pipeline, account.names
    asks = any(environment.approval for environment in pipeline.environments)
    approvals = f"{CODEPIPELINE}/approvals-service-role-permissions.html"
    return [
        *_artifacts(account, names),
        *_source(account, pipeline, names),
        *_build(names),
        *_deployments(pipeline, names),
        *_alarms(pipeline, names),
        *(
            publishing(account, "CodePipeline notifies people that a release waits for approval", approvals)
            if asks
            else []
        ),
    ]


def _artifacts(account: Account, names: Names) -> list[Use]:
    bucket = names.bucket_arn(names.artifact_bucket)
    prefixes = (names.source_artifact_prefix, names.revision_artifact_prefix)
    return [
        Use(
            ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"],
            [bucket],
            "CodePipeline checks its artifact bucket",
            ROLE,
        ),
        Use(
            ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectAcl"],
            [f"{bucket}/{prefix}AbCdEfG" for prefix in prefixes],
            "CodePipeline passes artifacts from action to action",
            ROLE,
        ),
        Use(
            ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            [account.key(names.key_alias)],
            "artifacts are encrypted with the service's key",
            f"{CODEPIPELINE}/pipelines-create-cross-account.html",
            with_key(account, names.key_alias),
        ),
    ]


def _source(account: Account, pipeline: PipelineSettings, names: Names) -> list[Use]:
    if s3 := pipeline.source.s3:
        page = f"{CODEPIPELINE}/action-reference-S3.html"
        bucket = names.bucket_arn(s3.bucket or names.artifact_bucket)
        on_bucket = ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:ListBucket"]
        on_object = [
            "s3:GetObject",
            "s3:GetObjectTagging",
            "s3:GetObjectVersion",
            "s3:GetObjectVersionTagging",
        ]
        return [
            Use(on_bucket, [bucket], "CodePipeline finds the source", page),
            Use(on_object, [f"{bucket}/{s3.key}"], "CodePipeline downloads the source", page),
        ]
    return [
        Use(
            ["codeconnections:UseConnection", "codestar-connections:UseConnection"],
            [account.connection],
            "CodePipeline downloads commits; the action has two names, because the service was renamed",
            "docs.aws.amazon.com/dtconsole/latest/userguide/rename.html",
        )
    ]


def _build(names: Names) -> list[Use]:
    runs = [environment.run_project for environment in names.environments if names.pipeline.release]
    project = [names.arn("codebuild", f"project/{each}") for each in (names.build_project, *runs)]
    return [
        Use(
            ["codebuild:BatchGetBuilds", "codebuild:StartBuild"],
            project,
            "CodePipeline starts builds and reads their results",
            ROLE,
        ),
        Use(
            ["codebuild:StopBuild"],
            project,
            "CodePipeline stops a build when the execution is stopped",
            f"{CDK}/codebuild/build-action.ts",
        ),
    ]


def _alarms(pipeline: PipelineSettings, names: Names) -> list[Use]:
    quiet = [
        names.environment(environment).arn(
            "cloudwatch", f"alarm:{names.environment(environment).alarm('target-5xx')}"
        )
        for environment in pipeline.environments
        if environment.quiet_minutes
    ]
    page = f"inferred from {CODEPIPELINE}/rule-reference-CloudWatchAlarm.html"
    asks = Use(["cloudwatch:DescribeAlarms"], quiet, "CodePipeline's rule reads the state of the alarm", page)
    return [asks] if quiet else []


def _deployments(pipeline: PipelineSettings, names: Names) -> list[Use]:
    application = names.arn("codedeploy", f"application:{names.application}")
    configurations = sorted(
        {
            configuration(environment, names.environment(environment)).name
            for environment in pipeline.environments
        }
    )
    page = f"{CODEPIPELINE}/action-reference-CodeDeploy.html"
    return [
        Use(
            [
                "codedeploy:GetApplication",
                "codedeploy:GetApplicationRevision",
                "codedeploy:RegisterApplicationRevision",
            ],
            [application],
            "CodePipeline registers the revision with CodeDeploy",
            page,
        ),
        Use(
            [
                "codedeploy:CreateDeployment",
                "codedeploy:GetDeployment",
                "codedeploy:GetDeploymentGroup",
            ],
            [environment.deployment_group_arn for environment in names.environments],
            "CodePipeline deploys to each environment and waits for the end",
            page,
        ),
        Use(
            ["codedeploy:GetDeploymentConfig"],
            [names.arn("codedeploy", f"deploymentconfig:{each}") for each in configurations],
            "CodePipeline reads the deployment configuration",
            page,
        ),
    ]
