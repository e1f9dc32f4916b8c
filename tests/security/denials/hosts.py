"""Requests that staging's hosts are denied; an attacker who breaks into the service may reach a host."""

from tests.security.account import Account
from tests.security.denials.denial import Denial, Subject
from tests.security.uses.use import streams, with_key


def denials(account: Account) -> list[Denial]:
    """Denied requests of the first environment's host role; the last environment is the other one."""
    host = Subject(account, account.roles[account.names.environments[0].host_role])
    return [
        *_release(account, host),
        *_parameters(account, host),
        *_keys(account, host),
        *_logs(account, host),
        *_alarms(account, host),
        *_others(account, host),
    ]


def _release(account: Account, host: Subject) -> list[Denial]:
    names = account.names
    image, cache, other = (
        names.arn("ecr", f"repository/{each}")
        for each in (names.repository, names.cache_repository, "other-app")
    )
    bucket, state = names.bucket_arn(names.artifact_bucket), names.bucket_arn(names.state_bucket)
    revision = f"{bucket}/{names.revision_artifact_prefix}AbCdEfG"
    builder = account.roles[names.build_role]
    return [
        host.not_on("A host pulls another service's image", "ecr:BatchGetImage", other, but_on=image),
        host.not_on("A host pulls the build's cache", "ecr:BatchGetImage", cache, but_on=image),
        host.not_but("A host pushes an image", builder, "ecr:PutImage", image),
        host.not_but("A host writes a revision", builder, "s3:PutObject", revision),
        host.never("A host lists the artifacts", "s3:ListBucket", bucket),
        host.not_on(
            "A host reads the source",
            "s3:GetObject",
            f"{bucket}/{names.source_artifact_prefix}AbCdEfG",
            but_on=revision,
            but="reading a revision",
        ),
        host.not_on(
            "A host reads Terraform's state",
            "s3:GetObject",
            f"{state}/{names.state_key(names.foundation_stack)}",
            but_on=revision,
            but="reading a revision",
        ),
    ]


def _parameters(account: Account, host: Subject) -> list[Denial]:
    staging, prod = account.names.environments[0], account.names.environments[-1]
    own, others = (each.arn("ssm", f"parameter{each.parameter_path}") for each in (staging, prod))
    foreign = staging.arn("ssm", "parameter/other-app/staging")
    reads = "ssm:GetParametersByPath"
    return [
        host.not_on("Staging's host reads prod's configuration", reads, others, but_on=own),
        host.not_on("A host reads another service's configuration", reads, foreign, but_on=own),
        host.never("A host changes its own configuration", "ssm:PutParameter", f"{own}/LOG_LEVEL"),
    ]


def _keys(account: Account, host: Subject) -> list[Denial]:
    names, staging, prod = account.names, account.names.environments[0], account.names.environments[-1]
    own, others = account.key(staging.key_alias), account.key(prod.key_alias)
    about = "kms:EncryptionContext:PARAMETER_ARN"
    mine = {about: f"{staging.arn('ssm', f'parameter{staging.parameter_path}')}/PASSWORD"}
    theirs = {about: f"{prod.arn('ssm', f'parameter{prod.parameter_path}')}/PASSWORD"}
    through_s3 = with_key(account, names.key_alias, ViaService=f"s3.{names.region}.amazonaws.com")
    through_ecr = with_key(account, names.key_alias, ViaService=f"ecr.{names.region}.amazonaws.com")
    shared = account.key(names.key_alias)
    decrypts, parameter = "kms:Decrypt", "decrypting its own parameters"
    return [
        host.not_on(
            "Staging's host decrypts prod's secrets",
            decrypts,
            others,
            context=theirs,
            but_on=own,
            but_context=mine,
            but=parameter,
        ),
        host.not_on(
            "Staging's host decrypts prod's parameter with staging's key",
            decrypts,
            own,
            context=theirs,
            but_on=own,
            but_context=mine,
            but=parameter,
        ),
        host.not_on(
            "A host decrypts data that is not a parameter with its environment's key",
            decrypts,
            own,
            but_on=own,
            but_context=mine,
            but=parameter,
        ),
        host.not_on(
            "A host decrypts artifacts by calling KMS directly",
            decrypts,
            shared,
            context=with_key(account, names.key_alias),
            but_on=shared,
            but_context=through_s3,
            but="decrypting through S3",
        ),
        host.not_on(
            "A host decrypts with the service's key through ECR",
            decrypts,
            shared,
            context=through_ecr,
            but_on=shared,
            but_context=through_s3,
            but="decrypting through S3",
        ),
    ]


def _logs(account: Account, host: Subject) -> list[Denial]:
    staging, prod = account.names.environments[0], account.names.environments[-1]
    own, others = (each.arn("logs", f"log-group:{each.log_group('app')}") for each in (staging, prod))
    return [
        host.not_on(
            "Staging's host writes to prod's log",
            "logs:PutLogEvents",
            streams(others)[0],
            but_on=streams(own)[0],
        ),
        host.never("A host reads logs", "logs:FilterLogEvents", own),
        host.never("A host deletes a log", "logs:DeleteLogGroup", own),
    ]


def _alarms(account: Account, host: Subject) -> list[Denial]:
    staging, prod = account.names.environments[0], account.names.environments[-1]
    publishes, about = "cloudwatch:PutMetricData", "cloudwatch:namespace"
    own, others = (each.arn("cloudwatch", f"alarm:{each.alarm('release-5xx')}") for each in (staging, prod))
    mine = {about: staging.metric_namespace}
    return [
        host.not_on(
            "Staging's host publishes the metric that prod watches a release",
            publishes,
            "*",
            context={about: prod.metric_namespace},
            but_on="*",
            but_context=mine,
            but="the same in staging's namespace",
        ),
        host.not_on(
            "A host publishes a metric in another service's namespace",
            publishes,
            "*",
            context={about: "other-app/staging"},
            but_on="*",
            but_context=mine,
            but="the same in its own namespace",
        ),
        host.not_on("Staging's host reads prod's alarms", "cloudwatch:DescribeAlarms", others, but_on=own),
        host.never("A host disables the actions of an alarm", "cloudwatch:DisableAlarmActions", own),
        host.never("A host sets the state of an alarm", "cloudwatch:SetAlarmState", own),
    ]


def _others(account: Account, host: Subject) -> list[Denial]:
    names, staging = account.names, account.names.environments[0]
    instance = staging.arn("ec2", "instance/i-0123456789abcdef0")
    targets = staging.arn("elasticloadbalancing", f"targetgroup/{staging.target_group}/73e2d6bc24d8a067")
    deployer, pipeline = account.roles[staging.deploy_role], account.roles[names.pipeline_role]
    deploys, group = "codedeploy:CreateDeployment", staging.deployment_group_arn
    return [
        host.not_but(
            "A host registers itself with the load balancer",
            deployer,
            "elasticloadbalancing:RegisterTargets",
            targets,
        ),
        host.not_but("A host deploys", pipeline, deploys, group),
        host.not_but("A host publishes alerts", deployer, "sns:Publish", names.topic_arn),
        host.never("A host terminates another host", "ec2:TerminateInstances", instance),
        host.never("A host runs a command on another host", "ssm:SendCommand", instance),
        host.never("A host opens a session on another host", "ssm:StartSession", instance),
        host.never("A host adds a policy to its own role", "iam:PutRolePolicy", host.role.arn),
    ]
