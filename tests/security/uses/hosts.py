"""Calls of hosts: by the agents of CodeDeploy, CloudWatch and Session Manager, by Docker, and by scripts."""

from modules.config.names import EnvironmentNames, Names
from tests.security.account import Account
from tests.security.uses.use import CODEDEPLOY, ECR, LOGS, RECORDED, Use, streams, with_key

BUNDLE = "docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-iam-instance-profile.html"
SESSIONS = (
    "docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html"
)


def uses(account: Account, environment: EnvironmentNames) -> list[Use]:
    """Calls of the host role of one environment."""
    return [
        *revision(account, account.names, environment),
        *image(account.names),
        *parameters(account, environment),
        *_logs(environment),
        *_launch(environment),
        *_watching(environment),
        *_sessions(),
        *(_commands() if _by_endpoints(account, environment) else ()),
    ]


def _by_endpoints(account: Account, environment: EnvironmentNames) -> bool:
    """Whether hosts reach AWS by interface endpoints."""
    return any(
        each.endpoints for each in account.names.pipeline.environments if each.name == environment.environment
    )


def _commands() -> list[Use]:
    """What CodeDeploy's agent calls of the service that its endpoint leads to."""
    actions = ("GetDeploymentSpecification", "PollHostCommand", "PutHostCommandAcknowledgement",
               "PutHostCommandComplete")  # fmt: skip
    return [
        Use(
            [f"codedeploy-commands-secure:{action}" for action in actions],
            ["*"],
            "the CodeDeploy agent gets its commands by way of an interface endpoint",
            f"{CODEDEPLOY}/vpc-endpoints.html",
        )
    ]


def revision(account: Account, names: Names, environment: EnvironmentNames) -> list[Use]:
    """Calls that download a revision."""
    bucket = names.bucket_arn(names.artifact_bucket)
    by_commit = f"{bucket}/{names.revision_prefix}4f55ab0.zip"
    return [
        Use(
            ["s3:GetObject"],
            [by_commit],
            "the CodeDeploy agent downloads a revision that is stored by commit",
            RECORDED,
        ),
        Use(
            ["s3:GetObject"],
            [f"{bucket}/{names.revision_artifact_prefix}AbCdEfG"],
            "the CodeDeploy agent downloads the pipeline's revision",
            BUNDLE,
        ),
        Use(
            ["s3:GetObjectVersion"],
            [f"{bucket}/{names.revision_artifact_prefix}AbCdEfG", by_commit],
            "the CodeDeploy agent downloads the deployed version of the object",
            BUNDLE,
        ),
        Use(
            ["kms:Decrypt"],
            [account.key(names.key_alias)],
            "S3 decrypts the revision for the host",
            "docs.aws.amazon.com/kms/latest/developerguide/services-s3.html",
            with_key(account, names.key_alias, ViaService=f"s3.{environment.region}.amazonaws.com"),
        ),
    ]


def image(names: Names) -> list[Use]:
    """Calls that pull its image."""
    return [
        Use(["ecr:GetAuthorizationToken"], ["*"], "start_server.sh logs Docker in to the registry", RECORDED),
        Use(
            ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            [names.arn("ecr", f"repository/{names.repository}")],
            "Docker pulls the image by its digest",
            f"{ECR}/security-iam-awsmanpol.html",
        ),
    ]


def parameters(account: Account, environment: EnvironmentNames) -> list[Use]:
    """Calls that read the service's configuration."""
    path = environment.arn("ssm", f"parameter{environment.parameter_path}")
    return [
        Use(
            ["ssm:GetParametersByPath"],
            [path],
            "start_server.sh reads the service's configuration",
            RECORDED,
        ),
        Use(
            ["ssm:GetParametersByPath"],
            [f"{path}/"],
            "the same; AWS may check the path with a trailing slash",
            "inferred: AWS does not document in which form it checks a path",
        ),
        Use(
            ["kms:Decrypt"],
            [account.key(environment.key_alias)],
            "Parameter Store decrypts SecureString parameters for the role that reads them",
            "docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html",
            {"kms:EncryptionContext:PARAMETER_ARN": f"{path}/DATABASE_PASSWORD"},
        ),
    ]


def _logs(environment: EnvironmentNames) -> list[Use]:
    def group(what: str) -> str:
        return environment.arn("logs", f"log-group:{environment.log_group(what)}")

    writing = ["logs:CreateLogStream", "logs:PutLogEvents"]
    agents = [group("agent"), group("deployments")]
    return [
        Use(
            writing,
            streams(group("app")),
            "start_server.sh creates the container's log stream; Docker's awslogs driver writes to it",
            "docs.docker.jp/engine/reference/logging/awslogs.html",
        ),
        Use(
            writing,
            [stream for log in agents for stream in streams(log)],
            "the CloudWatch agent writes the logs of agents and deployments",
            "docs.aws.amazon.com/aws-managed-policy/latest/reference/CloudWatchAgentServerPolicy.html",
        ),
        Use(
            writing,
            streams(group("agent")),
            "user data sends the log of a first boot that failed or printed a warning",
            RECORDED,
        ),
        Use(
            ["logs:DescribeLogStreams"],
            [form for log in agents for form in (log, f"{log}:log-stream:")],
            "the CloudWatch agent finds its log stream; AWS uses both forms of a log group's ARN",
            f"{LOGS}/iam-access-control-overview-cwl.html",
        ),
        Use(
            writing,
            streams(group("sessions")),
            "Session Manager's agent writes the input and output of sessions",
            SESSIONS,
        ),
        Use(
            writing,
            streams(group("agent")),
            "user data sends the log of a first boot that failed or printed a warning",
            RECORDED,
        ),
        Use(
            ["logs:DescribeLogStreams"],
            [group("sessions"), f"{group('sessions')}:log-stream:"],
            "Session Manager's agent finds its log stream",
            SESSIONS,
        ),
        Use(
            ["logs:DescribeLogGroups"],
            ["*"],
            "Session Manager's agent checks whether the log group is encrypted",
            SESSIONS,
        ),
    ]


def _launch(environment: EnvironmentNames) -> list[Use]:
    name = f"{environment.hosts}-20261129034500123400000001"
    group = f"autoScalingGroup:01234567-89ab-cdef-0123-456789abcdef:autoScalingGroupName/{name}"
    return [
        Use(
            ["autoscaling:CompleteLifecycleAction"],
            [environment.arn("autoscaling", group)],
            "user data completes the launch hook when the host is ready",
            RECORDED,
        ),
        Use(
            ["autoscaling:DescribeAutoScalingInstances"],
            ["*"],
            "user data reads its group's name, and whether the host waits at the launch hook",
            RECORDED,
        ),
    ]


def _watching(environment: EnvironmentNames) -> list[Use]:
    alarms = ("release-5xx", "release-latency", "target-5xx", "latency")
    return [
        Use(
            ["cloudwatch:PutMetricData"],
            ["*"],
            "watch.sh publishes the metric Watching while it watches a release",
            RECORDED,
            {"cloudwatch:namespace": environment.metric_namespace},
        ),
        Use(
            ["cloudwatch:DescribeAlarms"],
            [environment.arn("cloudwatch", f"alarm:{environment.alarm(alarm)}") for alarm in alarms],
            "watch.sh reads the environment's alarms",
            RECORDED,
        ),
    ]


def _sessions() -> list[Use]:
    return [
        Use(
            [
                "ssm:UpdateInstanceInformation",
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ],
            ["*"],
            "Session Manager's agent opens sessions on the host, because port 22 is closed",
            SESSIONS,
        )
    ]
