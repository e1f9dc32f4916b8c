"""The permissions of a plan: to read the state and the settings of every resource, but no content.

The statements list, by AWS service, the calls with which the AWS provider refreshes the resources of the
stacks. AWS's ReadOnlyAccess would also work, but could read parameters, objects, images and logs as well.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from constructs_lib.policy import Statement

from modules.config import provider
from modules.config.names import Names

if TYPE_CHECKING:
    from constructs_lib.role import Role


def grant(role: "Role", names: Names) -> None:
    """Grant everything that ``terraform plan -lock=false`` of every stack needs."""
    for policy, granted in statements(names).items():
        role.allow(policy, *granted)


def statements(names: Names) -> dict[str, list[Statement]]:
    """The statements of ``grant``, by the name of the policy."""
    found = {
        "read-state": _state(names),
        "read-storage": _storage(names),
        "read-network": [_network(names), *_existing_load_balancers(names)],
        "read-hosts": [*_roles(names), _session_documents(names)],
        "read-delivery": _delivery(names),
        "read-watch": _watch(names),
    }
    if any(environment.domain for environment in names.pipeline.environments):
        found["read-domains"] = [_domains()]
    return found


def _state(names: Names) -> list[Statement]:
    """Read the state of every stack of this service; a plan without lock writes nothing."""
    bucket = names.bucket_arn(names.state_bucket)
    return [
        Statement(actions=["s3:ListBucket"], resources=[bucket]),
        Statement(
            actions=["s3:GetObject"],
            resources=[f"{bucket}/{names.state_key('*')}"],
        ),
    ]


def _storage(names: Names) -> list[Statement]:
    """Read the settings of keys, buckets and repositories."""
    return [
        *_keys(names),
        Statement(
            actions=[
                "s3:GetAccelerateConfiguration",
                "s3:GetBucketAcl",
                "s3:GetBucketCORS",
                "s3:GetBucketLogging",
                "s3:GetBucketNotification",
                "s3:GetBucketObjectLockConfiguration",
                "s3:GetBucketOwnershipControls",
                "s3:GetBucketPolicy",
                "s3:GetBucketPublicAccessBlock",
                "s3:GetBucketRequestPayment",
                "s3:GetBucketTagging",
                "s3:GetBucketVersioning",
                "s3:GetBucketWebsite",
                "s3:GetEncryptionConfiguration",
                "s3:GetLifecycleConfiguration",
                "s3:GetReplicationConfiguration",
                "s3:ListBucket",
                # Used by provider 6.23 and later: github.com/hashicorp/terraform-provider-aws/pull/45251
                *(["s3:ListTagsForResource"] if provider.at_least(6) else []),
            ],
            resources=names.created_buckets,
        ),
        Statement(
            actions=[
                "ecr:DescribeRepositories",
                "ecr:GetLifecyclePolicy",
                "ecr:GetRepositoryPolicy",
                "ecr:ListTagsForResource",
            ],
            resources=[
                names.arn("ecr", f"repository/{repository}")
                for repository in (names.repository, names.cache_repository)
            ],
        ),
    ]


def _keys(names: Names) -> list[Statement]:
    """Read the settings of keys that are created, and whether others exist."""
    existing = names.encryption_keys
    found = []
    if names.creates_keys:
        found += [
            Statement(
                actions=[
                    "kms:DescribeKey",
                    "kms:GetKeyPolicy",
                    "kms:GetKeyRotationStatus",
                    "kms:ListResourceTags",
                ],
                resources=[names.arn("kms", "key/*")],
                conditions={
                    "ForAnyValue:StringLike": {
                        "kms:ResourceAliases": [names.key_alias, f"{names.key_alias}-*"]
                    }
                },
            ),
            Statement(
                actions=["kms:ListAliases"],
                resources=["*"],
                reason="a list action without resource-level permissions",
            ),
        ]
    if existing:
        found.append(Statement(actions=["kms:DescribeKey"], resources=existing))
    return found


def _network(names: Names) -> Statement:
    return Statement(
        actions=[
            "ec2:DescribeAddresses",
            "ec2:DescribeAddressesAttribute",
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeFlowLogs",
            "ec2:DescribeInternetGateways",
            "ec2:DescribeLaunchTemplateVersions",
            "ec2:DescribeLaunchTemplates",
            "ec2:DescribeNatGateways",
            "ec2:DescribeNetworkAcls",
            # Each interface endpoint's: terraform-provider-aws, internal/service/ec2/vpc_endpoint.go.
            *(["ec2:DescribeNetworkInterfaces"] if names.pipeline.makes_endpoints else []),
            "ec2:DescribePrefixLists",
            "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroupRules",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcAttribute",
            "ec2:DescribeVpcEndpoints",
            "ec2:DescribeVpcs",
            "elasticloadbalancing:DescribeCapacityReservation",
            "elasticloadbalancing:DescribeListenerAttributes",
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeLoadBalancerAttributes",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTags",
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTargetGroups",
            "autoscaling:DescribeAutoScalingGroups",
            "autoscaling:DescribeLifecycleHooks",
            "autoscaling:DescribePolicies",
        ],
        resources=["*"],
        reason="describe actions of EC2, load balancing and Auto Scaling have no resource-level permissions",
    )


def _existing_load_balancers(names: Names) -> list[Statement]:
    """Read the services' rules and certificates on listeners that exist."""
    if not names.existing_load_balancers:
        return []
    return [
        Statement(
            actions=[
                "elasticloadbalancing:DescribeListenerCertificates",
                "elasticloadbalancing:DescribeRules",
            ],
            resources=["*"],
            reason="describe actions of load balancing have no resource-level permissions",
        )
    ]


def _roles(names: Names) -> list[Statement]:
    return [
        Statement(
            actions=[
                "iam:GetRole",
                "iam:GetRolePolicy",
                "iam:ListAttachedRolePolicies",
                "iam:ListRolePolicies",
            ],
            resources=[names.role_arn(f"{names.service}-*")],
        ),
        Statement(
            actions=["iam:GetPolicy", "iam:GetPolicyVersion"],
            resources=[names.global_arn("iam", f"policy/{names.service}-*")],
        ),
        Statement(
            actions=["iam:GetInstanceProfile"],
            resources=[names.global_arn("iam", f"instance-profile/{names.service}-*")],
        ),
        Statement(
            actions=["iam:GetOpenIDConnectProvider"],
            resources=[names.global_arn("iam", "oidc-provider/token.actions.githubusercontent.com")],
        ),
    ]


def _session_documents(names: Names) -> Statement:
    return Statement(
        actions=["ssm:DescribeDocument", "ssm:DescribeDocumentPermission", "ssm:GetDocument"],
        resources=[names.arn("ssm", f"document/{names.service}-*")],
    )


def _delivery(names: Names) -> list[Statement]:
    """Read the settings of CodeDeploy, CodeBuild, CodePipeline and the connection."""
    return [
        Statement(
            actions=["codedeploy:GetApplication", "codedeploy:ListTagsForResource"],
            resources=[names.arn("codedeploy", f"application:{names.application}")],
        ),
        Statement(
            actions=["codedeploy:GetDeploymentGroup", "codedeploy:ListTagsForResource"],
            resources=[names.arn("codedeploy", f"deploymentgroup:{names.application}/*")],
        ),
        Statement(
            actions=["codedeploy:GetDeploymentConfig"],
            resources=[names.arn("codedeploy", f"deploymentconfig:{names.service}-*")],
        ),
        Statement(
            actions=["codebuild:BatchGetProjects"],
            resources=names.codebuild_projects,
        ),
        Statement(
            actions=["codepipeline:GetPipeline", "codepipeline:ListTagsForResource"],
            resources=[names.arn("codepipeline", names.delivery_pipeline)],
        ),
        *_connection(names),
    ]


def _connection(names: Names) -> list[Statement]:
    """Read the connection, under both names of its service; a given connection may be in any region."""
    services = ("codeconnections", "codestar-connections")
    named = names.pipeline.source.connection_arn
    return [
        Statement(
            actions=[
                f"{service}:{action}"
                for service in services
                for action in ("GetConnection", "ListTagsForResource")
            ],
            resources=[named] if named else [names.arn(service, "connection/*") for service in services],
        ),
        *([] if named else [_found_by_name(services)]),
    ]


def _found_by_name(services: Sequence[str]) -> Statement:
    return Statement(
        actions=[f"{service}:ListConnections" for service in services],
        resources=["*"],
        reason="the delivery stack finds its connection by name, in the list of all connections",
    )


def _watch(names: Names) -> list[Statement]:
    """Read the settings of topic, alarms, dashboards, event rules and log groups."""
    return [
        *(
            []
            if names.pipeline.alerts.topic_arn
            else [
                Statement(
                    actions=["sns:GetTopicAttributes", "sns:ListTagsForResource"], resources=[names.topic_arn]
                )
            ]
        ),
        Statement(
            actions=["cloudwatch:ListTagsForResource"],
            resources=[names.arn("cloudwatch", f"alarm:{names.service}-*")],
        ),
        Statement(
            actions=["cloudwatch:GetDashboard"],
            resources=[names.global_arn("cloudwatch", f"dashboard/{names.service}-*")],
        ),
        Statement(
            actions=["cloudwatch:DescribeAlarms", "logs:DescribeLogGroups", "sns:GetSubscriptionAttributes"],
            resources=["*"],
            reason="two filter a list of all resources; IAM has no resource type for subscriptions",
        ),
        Statement(
            actions=["logs:ListTagsForResource"],
            resources=[names.arn("logs", f"log-group:/{names.service}/*")],
        ),
        Statement(
            actions=["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"],
            resources=[names.arn("events", f"rule/{names.service}-*")],
        ),
    ]


def _domains() -> Statement:
    return Statement(
        actions=[
            "acm:DescribeCertificate",
            "acm:ListTagsForCertificate",
            "route53:GetHostedZone",
            "route53:ListHostedZones",
            "route53:ListResourceRecordSets",
            "route53:ListTagsForResource",
        ],
        resources=["*"],
        reason="AWS generates the ids of certificates and zones; ListHostedZones is on all resources only",
    )
