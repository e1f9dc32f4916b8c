"""What the ``slipway`` command calls when it only looks: for whoever may see, and change nothing.

Resources are this service's, in all its environments; where AWS knows no resource for an action, the
reason says so.
"""

from constructs_lib.policy import Statement

from modules.config import arns, known
from modules.config.names import Names
from modules.shared import Foundation

CONNECTIONS = ("codeconnections", "codestar-connections")  # renamed; the ARN says which name AWS checks
REFERENCE = "docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html"


def viewer(names: Names) -> list[Statement]:
    """Every command that only looks, doctor and status for two; the values of secrets stay closed."""
    return [
        *_deployments(names),
        *_pipeline(names),
        *_revisions(names),
        *_service(names),
        *_account(names),
        _lists(names),
    ]


def _deployments(names: Names) -> list[Statement]:
    return [
        Statement(
            actions=[
                "codedeploy:BatchGetDeploymentGroups",
                "codedeploy:BatchGetDeployments",
                "codedeploy:GetDeployment",
                "codedeploy:ListDeployments",
            ],
            resources=[names.arn("codedeploy", f"deploymentgroup:{names.application}/*")],
        ),
        Statement(
            actions=["codedeploy:BatchGetDeploymentTargets", "codedeploy:ListDeploymentTargets"],
            resources=["*"],
            reason=f"both ask by a deployment's id; AWS knows no resource for them ({REFERENCE})",
        ),
    ]


def _pipeline(names: Names) -> list[Statement]:
    return [
        Statement(
            actions=[
                "codepipeline:GetPipeline",
                "codepipeline:GetPipelineState",
                "codepipeline:ListPipelineExecutions",
            ],
            resources=[names.arn("codepipeline", names.delivery_pipeline)],
        ),
        *(
            Statement(
                actions=[f"{connection}:GetConnection"], resources=[names.arn(connection, "connection/*")]
            )
            for connection in CONNECTIONS
        ),
    ]


def _revisions(names: Names) -> list[Statement]:
    """Which commit a revision is of stands in the revision; whether its image is there, in the repository."""
    bucket = names.bucket_arn(names.artifact_bucket)
    return [
        # Of the whole bucket: without it, S3 says "denied" of an object that is gone.
        Statement(actions=["s3:ListBucket"], resources=[bucket]),
        Statement(
            actions=["s3:GetObject", "s3:GetObjectVersion"],
            resources=[
                f"{bucket}/{prefix}*" for prefix in (names.revision_prefix, names.revision_artifact_prefix)
            ],
        ),
        Foundation(names).key.statement("kms:Decrypt", via=f"s3.{names.region}.amazonaws.com"),
        Statement(
            actions=["ecr:DescribeImages"], resources=[names.arn("ecr", f"repository/{names.repository}")]
        ),
    ]


def _service(names: Names) -> list[Statement]:
    """Logs, alarms, parameters, and who hears of alerts."""
    environments = [f"/{names.service}/*/{log}" for log in _logs(names)]
    return [
        Statement(
            actions=["logs:FilterLogEvents"],
            resources=[
                names.arn("logs", f"log-group:{group}:*") for group in (*environments, names.build_log_group)
            ],
        ),
        Statement(actions=["cloudwatch:DescribeAlarms"], resources=[names.arn("cloudwatch", "alarm:*")]),
        Statement(actions=["ssm:GetParameter", "ssm:GetParametersByPath"], resources=[parameters(names)]),
        Statement(actions=["sns:ListSubscriptionsByTopic"], resources=[names.topic_arn]),
    ]


def _logs(names: Names) -> tuple[str, ...]:
    return ("agent", "app", "deployments", *(["run"] if names.pipeline.release else []))


def _account(names: Names) -> list[Statement]:
    """What ``slipway doctor`` looks at beyond the service: the state bucket, quotas, GitHub's provider."""
    return [
        Statement(
            actions=[
                "s3:GetBucketOwnershipControls",
                "s3:GetBucketPolicy",
                "s3:GetBucketPublicAccessBlock",
                "s3:GetBucketTagging",
                "s3:GetBucketVersioning",
                "s3:GetEncryptionConfiguration",
                "s3:GetLifecycleConfiguration",
                "s3:ListBucket",
            ],
            resources=[names.bucket_arn(names.state_bucket)],
        ),
        Statement(
            actions=["servicequotas:GetServiceQuota"],
            resources=[names.arn("servicequotas", f"{service}/*") for service in ("codebuild", "ec2", "vpc")],
        ),
        Statement(actions=["kms:GetKeyPolicy", "kms:ListGrants"], resources=[names.arn("kms", "key/*")]),
        *_services(names),
        *_source_bucket(names),
        *_github(names),
    ]


def _services(names: Names) -> list[Statement]:
    """Whether the region has by now what it had not: AWS's own parameters say it."""
    if not known.absent(names.region):
        return []
    place = f"parameter/aws/service/global-infrastructure/regions/{names.region}/services/*"
    return [Statement(actions=["ssm:GetParameter"], resources=[arns.arn("ssm", place, region=names.region)])]


def _source_bucket(names: Names) -> list[Statement]:
    source = names.pipeline.source.s3
    if source is None or source.bucket is None:
        return []
    return [Statement(actions=["s3:GetBucketVersioning"], resources=[names.bucket_arn(source.bucket)])]


def _github(names: Names) -> list[Statement]:
    if names.pipeline.access is None:
        return []
    provider = names.global_arn("iam", "oidc-provider/token.actions.githubusercontent.com")
    return [Statement(actions=["iam:GetOpenIDConnectProvider"], resources=[provider])]


def _lists(names: Names) -> Statement:
    domains = any(environment.hosted_zone for environment in names.pipeline.environments)
    return Statement(
        actions=[
            "autoscaling:DescribeAutoScalingGroups",
            "autoscaling:DescribeInstanceRefreshes",
            "autoscaling:DescribeScalingActivities",
            *(f"{service}:ListConnections" for service in CONNECTIONS),
            "ec2:DescribeAddresses",
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeInstanceTypeOfferings",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeInstances",
            "ec2:DescribeLaunchTemplateVersions",
            "ec2:DescribeRegions",
            "ec2:DescribeVpcs",
            "ec2:GetEbsDefaultKmsKeyId",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
            *(["iam:ListOpenIDConnectProviders"] if names.pipeline.access else []),
            *(["route53:ListHostedZonesByName"] if domains else []),
        ],
        resources=["*"],
        reason="they list what there is in the account, and know no resource",
    )


def parameters(names: Names) -> str:
    """The variables of every environment, in Parameter Store."""
    return names.arn("ssm", f"parameter/{names.service}/*")
