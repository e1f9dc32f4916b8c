"""The permissions of viewers: everything that read-only ``slipway`` commands call.

They are limited to this service's resources in all its environments; the reason of a statement names actions
that have no resource-level permissions.
"""

from constructs_lib.policy import Statement

from modules.config import arns, known
from modules.config.names import Names
from modules.config.settings import Environment
from modules.shared import Foundation

CONNECTIONS = ("codeconnections", "codestar-connections")  # renamed; AWS checks the name in the ARN
UNSCOPED = "list actions without resource-level permissions"
REFERENCE = "docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html"


def viewer(names: Names) -> list[Statement]:
    """Run every read-only command, such as doctor and status, but read no values of secrets."""
    return [*looking(names), *existing(names)]


def looking(names: Names) -> list[Statement]:
    """The viewer's permissions without those to look at what exists already."""
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
            reason=f"both take a deployment's id and have no resource-level permissions ({REFERENCE})",
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
    """Read revisions, which name their commit, and check in the repository that their images exist."""
    bucket = names.bucket_arn(names.artifact_bucket)
    return [
        # On the whole bucket: without it, S3 answers "access denied" for an object that does not exist.
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
    """Read logs, alarms, parameters and the subscriptions of the alert topic."""
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
    """Read what ``slipway doctor`` checks in the account: the state bucket, quotas, GitHub's provider."""
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
        Statement(
            actions=[
                *(["kms:DescribeKey"] if names.existing_keys else ()),
                *("kms:GetKeyPolicy", "kms:ListGrants"),
            ],
            resources=[names.arn("kms", "key/*")],
        ),
        *_services(names),
        *_source_bucket(names),
        *_github(names),
    ]


def _services(names: Names) -> list[Statement]:
    """Read AWS's public parameters that list which services a region offers."""
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


def _has_own_egress(environment: Environment) -> bool:
    """Whether the security group of a load balancer that exists gets no rule, and must have one already."""
    return bool(environment.load_balancer and not environment.load_balancer.egress_rule)


def existing(names: Names) -> list[Statement]:
    """Read what ``slipway doctor`` checks of networks, load balancers and the like that exist already."""
    environments, pipeline = names.pipeline.environments, names.pipeline
    networks = any(environment.existing_network for environment in environments)
    balancers = bool(names.existing_load_balancers)
    lists = [
        *(f"ec2:Describe{what}" for what in ("RouteTables", "Subnets", "VpcEndpoints") if networks),
        *(["ec2:DescribeSecurityGroupRules"] if any(map(_has_own_egress, environments)) else []),
        *(
            f"elasticloadbalancing:Describe{what}"
            for what in ("ListenerCertificates", "Listeners", "LoadBalancers", "Rules")
            if balancers
        ),
    ]
    buckets = {name for environment in environments if (name := environment.access_log_bucket)}
    repository, certificates = pipeline.registry.repository, names.arn("acm", "certificate/*")
    found: list[tuple[tuple[str, ...], list[str]]] = [
        (("ec2:DescribeVpcAttribute",), [names.arn("ec2", "vpc/*")] if networks else []),
        (
            ("s3:GetBucketLocation", "s3:GetBucketPolicy", "s3:GetEncryptionConfiguration"),
            sorted(map(names.bucket_arn, buckets)),
        ),
        (("sns:GetTopicAttributes",), [names.topic_arn] if pipeline.alerts.topic_arn else []),
        (("ecr:DescribeRepositories",), [names.arn("ecr", f"repository/{repository}")] if repository else []),
        (
            ("acm:DescribeCertificate",),
            [certificates] if balancers or any(one.certificate_arn for one in environments) else [],
        ),
    ]
    return [
        *(Statement(actions=actions, resources=resources) for actions, resources in found if resources),
        *([Statement(actions=lists, resources=["*"], reason=UNSCOPED)] if lists else []),
    ]


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
        reason=UNSCOPED,
    )


def parameters(names: Names) -> str:
    """Return the ARN pattern of every environment's variables in Parameter Store."""
    return names.arn("ssm", f"parameter/{names.service}/*")
