"""Requests that builds are denied; anyone who can push a commit can run any code in a build."""

from tests.security.account import Account
from tests.security.denials.denial import Denial, Subject
from tests.security.uses.use import streams, with_key


def denials(account: Account) -> list[Denial]:
    """Denied requests of the build role."""
    build = Subject(account, account.roles[account.names.build_role])
    return [
        *_images(account, build),
        *_artifacts(account, build),
        *_keys(account, build),
        *_rest(account, build),
    ]


def _images(account: Account, build: Subject) -> list[Denial]:
    names = account.names
    own, other = (names.arn("ecr", f"repository/{each}") for each in (names.repository, "other-app"))
    far = own.replace(names.region, "us-east-1")
    return [
        build.not_on("A build pulls another service's image", "ecr:BatchGetImage", other, but_on=own),
        build.not_on("A build pushes latest to another service", "ecr:PutImage", other, but_on=own),
        build.not_on("A build pushes to another region", "ecr:PutImage", far, but_on=own),
        build.never("A build deletes an image", "ecr:BatchDeleteImage", own),
        build.never(
            "A build pushes an image to a public repository",
            "ecr-public:PutImage",
            f"arn:aws:ecr-public::{names.account}:repository/{names.repository}",
        ),
        build.never("A build creates a public repository", "ecr-public:CreateRepository", "*"),
        build.never("A build changes the repository's policy", "ecr:SetRepositoryPolicy", own),
    ]


def _artifacts(account: Account, build: Subject) -> list[Denial]:
    names = account.names
    bucket, state = names.bucket_arn(names.artifact_bucket), names.bucket_arn(names.state_bucket)
    source = f"{bucket}/{names.source_artifact_prefix}AbCdEfG"
    output = f"{bucket}/{names.revision_artifact_prefix}AbCdEfG"
    kept = f"{bucket}/{names.revision_prefix}4f55ab0.zip"
    return [
        build.not_on(
            "A build replaces its source", "s3:PutObject", source, but_on=output, but="writing its output"
        ),
        build.not_on(
            "A build reads other revisions", "s3:GetObject", output, but_on=source, but="reading its source"
        ),
        build.not_on(
            "A build writes to another prefix of the bucket", "s3:PutObject", f"{bucket}/x", but_on=kept
        ),
        build.never("A build deletes a stored revision", "s3:DeleteObject", kept),
        build.never("A build lists the artifacts", "s3:ListBucket", bucket),
        build.never("A build changes the bucket's policy", "s3:PutBucketPolicy", bucket),
        build.not_on(
            "A build reads Terraform's state",
            "s3:GetObject",
            f"{state}/{names.state_key(names.foundation_stack)}",
            but_on=source,
            but="reading its source",
        ),
    ]


def _keys(account: Account, build: Subject) -> list[Denial]:
    names, environment = account.names, account.names.environments[0]
    return [
        build.not_on(
            "A build decrypts with an environment's key",
            "kms:Decrypt",
            account.key(environment.key_alias),
            context=with_key(account, environment.key_alias),
            but_on=account.key(names.key_alias),
            but_context=with_key(account, names.key_alias),
            but="decrypting with the key of the artifacts",
        ),
        build.never(
            "A build schedules the key's deletion",
            "kms:ScheduleKeyDeletion",
            account.key(names.key_alias),
            with_key(account, names.key_alias),
        ),
    ]


def _rest(account: Account, build: Subject) -> list[Denial]:
    names, environment = account.names, account.names.environments[0]
    own_log = names.arn("logs", f"log-group:{names.build_log_group}")
    app_log = names.arn("logs", f"log-group:{environment.log_group('app')}")
    approval = names.arn("codepipeline", f"{names.delivery_pipeline}/{environment.environment}/Approve")
    parameters = environment.arn("ssm", f"parameter{environment.parameter_path}")
    passed = {"iam:PassedToService": "ec2.amazonaws.com"}
    return [
        build.never("A build deploys", "codedeploy:CreateDeployment", environment.deployment_group_arn),
        build.never("A build approves a release", "codepipeline:PutApprovalResult", approval),
        build.never(
            "A build starts the pipeline",
            "codepipeline:StartPipelineExecution",
            names.arn("codepipeline", names.delivery_pipeline),
        ),
        build.never(
            "A build passes a role to a service",
            "iam:PassRole",
            names.role_arn(environment.host_role),
            passed,
        ),
        build.never("A build adds a policy to its own role", "iam:PutRolePolicy", build.role.arn),
        build.never("A build reads an environment's configuration", "ssm:GetParametersByPath", parameters),
        build.never(
            "A build reads a secret",
            "secretsmanager:GetSecretValue",
            names.arn("secretsmanager", "secret:database-AbCdEf"),
        ),
        build.not_on(
            "A build writes to the service's log",
            "logs:PutLogEvents",
            streams(app_log)[0],
            but_on=streams(own_log)[0],
        ),
        build.never("A build reads the service's log", "logs:FilterLogEvents", app_log),
    ]
