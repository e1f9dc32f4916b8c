"""The permissions to apply and to destroy the stacks, for a person and for CI's role.

``python -m modules.apply_permissions`` prints an applier's statements as JSON, for the ``slipway`` command,
which loads no constructs.

Read permissions are those of a plan (plan_permissions.py). Write permissions are here, service by service,
limited to names that begin with the service's name; network resources have no names and are limited by the
tag ``service``, which every resource has. A test compares every action with the recorded calls of Terraform
and with AWS's authorization reference (docs/permissions.md).
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from constructs_lib.policy import Conditions, Statement

from modules import plan_permissions, viewer_permissions
from modules.config import arns, provider
from modules.config.load import load
from modules.config.names import Names, load_balancer_group

TAG = "service"
IMAGES = "/aws/service/ami-amazon-linux-latest"
"""The public parameters in which AWS publishes the ids of its newest AMIs."""
SERVICES_WITH_ROLES = (
    "codebuild.amazonaws.com",
    "codedeploy.amazonaws.com",
    "codepipeline.amazonaws.com",
    "ec2.amazonaws.com",
    "events.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
)
"""The AWS services that roles of this service are passed to: those that the roles trust."""
SERVICE_LINKED = ("autoscaling.amazonaws.com", "elasticloadbalancing.amazonaws.com")
"""AWS services whose service-linked roles are created with an account's first such resource."""

TO_SERVICES: Conditions = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
"""Only AWS services get grants on a key: ECR, for as long as a repository exists."""


def person(names: Names) -> list[Statement]:
    """A person's permissions: ``slipway bootstrap`` and ``adopt``, every stack, and ``slipway destroy``."""
    reads = (statement for policy in plan_permissions.statements(names).values() for statement in policy)
    return [
        *reads,
        *_made_of_networks(names),
        *_made_of_storage(names),
        *_delivery(names),
        *_roles(names, {}),
        *_passing(names),
        *_access(names),
        *_bootstrap(names),
        *_emptying(names),
        *_adopting(names),
    ]


def applier(names: Names) -> list[Statement]:
    """A person's permissions, and a viewer's: ``doctor`` is run before there are policies for viewers."""
    return [*person(names), *viewer_permissions.viewer(names)]


def ci(names: Names) -> Mapping[str, list[Statement]]:
    """CI's permissions to apply, in addition to a plan's, by policy: every stack but the access stack.

    Raises ValueError if the settings have no permissions boundary: a role that may create roles without a
    boundary could give itself every permission.
    """
    boundary = names.pipeline.permissions_boundary
    if boundary is None:
        raise ValueError("CI's role for applying needs a permissions boundary: set permissions_boundary")
    bounded = {"ArnEquals": {"iam:PermissionsBoundary": boundary}}
    return {
        "network": _made_of_networks(names),
        "storage": [*_made_of_storage(names), _not_access_state(names)],
        "delivery": [
            *_delivery(names),
            *_roles(names, bounded),
            *_passing(names),
            _not_access(names),
        ],
    }


def _made_of_networks(names: Names) -> list[Statement]:
    return [*_network(names), *_traffic(names), *_hosts(names)]


def _made_of_storage(names: Names) -> list[Statement]:
    return [*_state(names), *_keys(names), *_buckets(names), *_repositories(names), *_watch(names)]


def _tagged(names: Names) -> Conditions:
    return {"StringEquals": {f"aws:ResourceTag/{TAG}": names.service}}


def _state(names: Names) -> list[Statement]:
    """The state and the lock of every stack."""
    state = _state_object(names, "*")
    return [
        Statement(actions=["s3:PutObject"], resources=[state]),
        Statement(actions=["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], resources=[f"{state}.tflock"]),
    ]


def _not_access_state(names: Names) -> Statement:
    """Deny changes to the access stack's state and its lock: only a person applies that stack."""
    state = _state_object(names, names.access_stack)
    return Statement(
        effect="Deny", actions=["s3:DeleteObject", "s3:PutObject"], resources=[state, f"{state}.tflock"]
    )


def _state_object(names: Names, stack: str) -> str:
    return f"{names.bucket_arn(names.state_bucket)}/{names.state_key(stack)}"


def _keys(names: Names) -> list[Statement]:
    created = _created_keys(names) if names.creates_keys else []
    existing = _existing_key(names.pipeline.key_arn) if names.pipeline.key_arn else []
    return [*created, *existing]


def _created_keys(names: Names) -> list[Statement]:
    return [
        Statement(actions=["kms:CreateKey"], resources=["*"], reason="a key has no ARN before it is created"),
        Statement(
            actions=["kms:TagResource"],
            resources=[names.arn("kms", "key/*")],
            conditions={"StringEquals": {f"aws:RequestTag/{TAG}": names.service}},
        ),
        Statement(
            actions=[
                "kms:CreateAlias",
                "kms:DeleteAlias",
                "kms:DescribeKey",
                "kms:EnableKeyRotation",
                "kms:PutKeyPolicy",
                "kms:RetireGrant",
                "kms:ScheduleKeyDeletion",
                "kms:UntagResource",
                "kms:UpdateAlias",
                "kms:UpdateKeyDescription",
            ],
            resources=[names.arn("kms", "key/*")],
            conditions=_tagged(names),
        ),
        Statement(
            actions=["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
            resources=[names.arn("kms", names.key_alias), names.arn("kms", f"{names.key_alias}-*")],
        ),
        Statement(
            actions=["kms:CreateGrant"],
            resources=[names.arn("kms", "key/*")],
            conditions={**TO_SERVICES, **_tagged(names)},
        ),
    ]


def _existing_key(arn: str) -> list[Statement]:
    """Let ECR use the foundation's key, which exists already."""
    return [
        Statement(actions=["kms:CreateGrant"], resources=[arn], conditions=TO_SERVICES),
        Statement(actions=["kms:RetireGrant"], resources=[arn]),
    ]


def _buckets(names: Names) -> list[Statement]:
    """The artifact bucket and the load balancers' log buckets; not the objects in them."""
    return [
        Statement(
            actions=[
                "s3:CreateBucket",
                "s3:DeleteBucket",
                "s3:DeleteBucketPolicy",
                "s3:PutBucketNotification",
                "s3:PutBucketOwnershipControls",
                "s3:PutBucketPolicy",
                "s3:PutBucketPublicAccessBlock",
                "s3:PutBucketTagging",
                "s3:PutBucketVersioning",
                "s3:PutEncryptionConfiguration",
                "s3:PutLifecycleConfiguration",
                # The provider creates buckets with tags and changes the tags with these since 6.23:
                # github.com/hashicorp/terraform-provider-aws/pull/45251
                *(["s3:TagResource", "s3:UntagResource"] if provider.at_least(6) else []),
            ],
            resources=names.created_buckets,
        )
    ]


def _repositories(names: Names) -> list[Statement]:
    return [
        Statement(
            actions=[
                "ecr:CreateRepository",
                "ecr:DeleteLifecyclePolicy",
                "ecr:DeleteRepository",
                "ecr:DeleteRepositoryPolicy",
                "ecr:PutImageScanningConfiguration",
                "ecr:PutImageTagMutability",
                "ecr:PutLifecyclePolicy",
                "ecr:SetRepositoryPolicy",
                "ecr:TagResource",
                "ecr:UntagResource",
            ],
            resources=_own_repositories(names),
        )
    ]


def _topic(names: Names) -> list[Statement]:
    return [
        Statement(
            actions=[
                "sns:CreateTopic",
                "sns:DeleteTopic",
                "sns:SetTopicAttributes",
                "sns:Subscribe",
                "sns:TagResource",
                "sns:UntagResource",
            ],
            resources=[names.topic_arn],
        ),
        Statement(
            actions=["sns:SetSubscriptionAttributes", "sns:Unsubscribe"],
            resources=["*"],
            reason="AWS's reference has no resource type for subscriptions",
        ),
    ]


def _own_repositories(names: Names) -> list[str]:
    created = [] if names.pipeline.registry.repository else [names.repository]
    return [names.arn("ecr", f"repository/{name}") for name in (*created, names.cache_repository)]


def _watch(names: Names) -> list[Statement]:
    """The topic, log groups, alarms, dashboards and event rules."""
    return [
        *([] if names.pipeline.alerts.topic_arn else _topic(names)),
        Statement(
            actions=[
                "logs:AssociateKmsKey",
                "logs:CreateLogGroup",
                "logs:DeleteLogGroup",
                "logs:DeleteRetentionPolicy",
                "logs:DisassociateKmsKey",
                "logs:PutRetentionPolicy",
                "logs:TagResource",
                "logs:UntagResource",
            ],
            resources=[
                names.arn("logs", f"log-group:/{names.service}/*"),
                names.arn("logs", f"log-group:/{names.service}/*:log-stream:"),
            ],
        ),
        Statement(
            actions=[
                "cloudwatch:DeleteAlarms",
                "cloudwatch:PutMetricAlarm",
                "cloudwatch:TagResource",
                "cloudwatch:UntagResource",
            ],
            resources=[names.arn("cloudwatch", f"alarm:{names.service}-*")],
        ),
        Statement(
            actions=["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"],
            resources=[names.global_arn("cloudwatch", f"dashboard/{names.service}-*")],
        ),
        Statement(
            actions=[
                "events:DeleteRule",
                "events:PutRule",
                "events:PutTargets",
                "events:RemoveTargets",
                "events:TagResource",
                "events:UntagResource",
            ],
            resources=[names.arn("events", f"rule/{names.service}-*")],
        ),
    ]


def _network(names: Names) -> list[Statement]:
    """Networks: created anywhere in the region; changed and deleted only if the tag ``service`` matches."""
    return [
        Statement(
            actions=[
                "ec2:AllocateAddress",
                "ec2:CreateFlowLogs",
                "ec2:CreateInternetGateway",
                "ec2:CreateLaunchTemplate",
                "ec2:CreateNatGateway",
                "ec2:CreateRouteTable",
                "ec2:CreateSecurityGroup",
                "ec2:CreateSubnet",
                "ec2:CreateVpc",
                "ec2:CreateVpcEndpoint",
                "ec2:RunInstances",
            ],
            resources=[
                names.arn("ec2", "*"),
                arns.arn("ec2", "image/*", region=names.region),
            ],
        ),
        Statement(
            actions=["ec2:CreateTags"],
            resources=[names.arn("ec2", "*")],
            conditions={"StringLike": {"ec2:CreateAction": "*"}},
        ),
        Statement(
            actions=["ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress"],
            resources=[names.arn("ec2", "security-group-rule/*")],
        ),
        Statement(
            actions=[
                "ec2:AssociateRouteTable",
                "ec2:AttachInternetGateway",
                "ec2:AuthorizeSecurityGroupEgress",
                "ec2:AuthorizeSecurityGroupIngress",
                "ec2:CreateLaunchTemplateVersion",
                "ec2:CreateRoute",
                "ec2:CreateTags",
                "ec2:DeleteFlowLogs",
                "ec2:DeleteInternetGateway",
                "ec2:DeleteLaunchTemplate",
                "ec2:DeleteNatGateway",
                "ec2:DeleteRoute",
                "ec2:DeleteRouteTable",
                "ec2:DeleteSecurityGroup",
                "ec2:DeleteSubnet",
                "ec2:DeleteTags",
                "ec2:DeleteVpc",
                "ec2:DeleteVpcEndpoints",
                "ec2:DetachInternetGateway",
                "ec2:DisassociateAddress",
                "ec2:DisassociateRouteTable",
                "ec2:ModifyLaunchTemplate",
                "ec2:ModifySecurityGroupRules",
                "ec2:ModifySubnetAttribute",
                "ec2:ModifyVpcAttribute",
                "ec2:ModifyVpcEndpoint",
                "ec2:ReleaseAddress",
                "ec2:ReplaceRoute",
                "ec2:RevokeSecurityGroupEgress",
                "ec2:RevokeSecurityGroupIngress",
            ],
            resources=[names.arn("ec2", "*")],
            conditions=_tagged(names),
        ),
        Statement(
            # AWS creates a network's default group without tags; it is tagged before its rules are removed.
            actions=["ec2:CreateTags"],
            resources=[names.arn("ec2", "security-group/*")],
            conditions={
                "StringEquals": {f"aws:RequestTag/{TAG}": names.service},
                "Null": {f"aws:ResourceTag/{TAG}": "true"},
            },
        ),
        *([_private_names()] if names.pipeline.makes_endpoints else []),
    ]


def _private_names() -> Statement:
    """Interface endpoints answer by the services' usual names, in zones that AWS makes and owns.

    docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html, CreateVpcEndpoint
    """
    return Statement(
        actions=["route53:AssociateVPCWithHostedZone"], resources=[arns.arn("route53", "hostedzone/*")]
    )


def _traffic(names: Names) -> list[Statement]:
    """Load balancers, certificates and DNS records."""
    own = [
        names.arn("elasticloadbalancing", f"{kind}/{names.service}-*")
        for kind in ("loadbalancer/app", "listener/app", "targetgroup")
    ]
    statements = [
        Statement(
            actions=[
                "elasticloadbalancing:AddTags",
                "elasticloadbalancing:CreateListener",
                "elasticloadbalancing:CreateLoadBalancer",
                "elasticloadbalancing:CreateTargetGroup",
                "elasticloadbalancing:DeleteListener",
                "elasticloadbalancing:DeleteLoadBalancer",
                "elasticloadbalancing:DeleteTargetGroup",
                "elasticloadbalancing:ModifyListener",
                "elasticloadbalancing:ModifyListenerAttributes",
                "elasticloadbalancing:ModifyLoadBalancerAttributes",
                "elasticloadbalancing:ModifyTargetGroup",
                "elasticloadbalancing:ModifyTargetGroupAttributes",
                "elasticloadbalancing:RemoveTags",
                "elasticloadbalancing:SetSecurityGroups",
                "elasticloadbalancing:SetSubnets",
            ],
            resources=own,
        )
    ]
    if names.existing_load_balancers:
        statements += _existing_load_balancers(names)
    if any(environment.domain for environment in names.pipeline.environments):
        statements += _domains(names)
    return statements


def _existing_load_balancers(names: Names) -> list[Statement]:
    """The service's own rules on listeners that exist, its certificates, and the way to its hosts.

    Listeners get rules and certificates of any service. Rules, and rules of security groups, are changed and
    deleted only if their tag ``service`` matches.
    """
    listeners, rules = (
        [names.arn("elasticloadbalancing", f"{kind}/app/{name}/*") for name in names.existing_load_balancers]
        for kind in ("listener", "listener-rule")
    )
    ruled = [
        balancer
        for environment in names.pipeline.environments
        if (balancer := environment.existing_load_balancer) and balancer.egress_rule
    ]
    groups = sorted({balancer.security_group for balancer in ruled if balancer.security_group})
    by_name = sorted(
        {load_balancer_group(balancer.name or "") for balancer in ruled if not balancer.security_group}
    )
    actions = ["AuthorizeSecurityGroupEgress", "ModifySecurityGroupRules", "RevokeSecurityGroupEgress"]
    requested = {"StringEquals": {f"aws:RequestTag/{TAG}": names.service}}
    return [
        Statement(
            actions=[
                "elasticloadbalancing:AddListenerCertificates",
                "elasticloadbalancing:RemoveListenerCertificates",
            ],
            resources=listeners,
        ),
        Statement(actions=["elasticloadbalancing:CreateRule"], resources=listeners, conditions=requested),
        Statement(actions=["elasticloadbalancing:AddTags"], resources=rules, conditions=requested),
        Statement(
            actions=[
                "elasticloadbalancing:DeleteRule",
                "elasticloadbalancing:ModifyRule",
                "elasticloadbalancing:RemoveTags",
                "elasticloadbalancing:SetRulePriorities",
            ],
            resources=rules,
            conditions=_tagged(names),
        ),
        *(
            [
                Statement(
                    actions=[f"ec2:{action}" for action in actions],
                    resources=[names.arn("ec2", f"security-group/{group}") for group in groups],
                )
            ]
            if groups
            else []
        ),
        *(
            [
                Statement(
                    actions=[f"ec2:{action}" for action in actions],
                    resources=[names.arn("ec2", "security-group/*")],
                    conditions={"StringEquals": {"aws:ResourceTag/Name": by_name}},
                )
            ]
            if by_name
            else []
        ),
    ]


def _domains(names: Names) -> list[Statement]:
    return [
        Statement(
            actions=["acm:RequestCertificate"],
            resources=["*"],
            conditions={"StringEquals": {f"aws:RequestTag/{TAG}": names.service}},
            reason="a certificate has no ARN before it is created",
        ),
        Statement(
            actions=["acm:AddTagsToCertificate"],
            resources=[names.arn("acm", "certificate/*")],
            conditions={"StringEquals": {f"aws:RequestTag/{TAG}": names.service}},
        ),
        Statement(
            actions=["acm:DeleteCertificate", "acm:RemoveTagsFromCertificate"],
            resources=[names.arn("acm", "certificate/*")],
            conditions=_tagged(names),
        ),
        Statement(
            actions=["route53:ChangeResourceRecordSets", "route53:GetChange"],
            resources=[arns.arn("route53", "hostedzone/*"), arns.arn("route53", "change/*")],
        ),
    ]


def _hosts(names: Names) -> list[Statement]:
    return [
        Statement(
            actions=[
                "autoscaling:AttachLoadBalancerTargetGroups",
                "autoscaling:CreateAutoScalingGroup",
                "autoscaling:CreateOrUpdateTags",
                "autoscaling:DeleteAutoScalingGroup",
                "autoscaling:DeleteLifecycleHook",
                "autoscaling:DeletePolicy",
                "autoscaling:DeleteTags",
                "autoscaling:DetachLoadBalancerTargetGroups",
                "autoscaling:DisableMetricsCollection",
                "autoscaling:EnableMetricsCollection",
                "autoscaling:PutLifecycleHook",
                "autoscaling:PutScalingPolicy",
                "autoscaling:UpdateAutoScalingGroup",
            ],
            resources=[
                names.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{names.service}-*")
            ],
        ),
        Statement(
            actions=["autoscaling:DescribeScalingActivities", "ec2:DescribeNetworkInterfaces"],
            resources=["*"],
            reason="both are list actions without resource-level permissions",
        ),
        Statement(
            actions=["ssm:GetParameters"],
            resources=[arns.arn("ssm", f"parameter{IMAGES}/*", region=names.region)],
        ),
        Statement(
            actions=[
                "ssm:AddTagsToResource",
                "ssm:CreateDocument",
                "ssm:DeleteDocument",
                "ssm:RemoveTagsFromResource",
                "ssm:UpdateDocument",
                "ssm:UpdateDocumentDefaultVersion",
            ],
            resources=[names.arn("ssm", f"document/{names.service}-*")],
        ),
    ]


def _delivery(names: Names) -> list[Statement]:
    """CodeDeploy, CodeBuild, CodePipeline and the connection."""
    connections = ("codeconnections", "codestar-connections")  # renamed; AWS checks the name in the ARN
    return [
        Statement(
            actions=[
                "codedeploy:CreateApplication",
                "codedeploy:CreateDeploymentConfig",
                "codedeploy:CreateDeploymentGroup",
                "codedeploy:DeleteApplication",
                "codedeploy:DeleteDeploymentConfig",
                "codedeploy:DeleteDeploymentGroup",
                "codedeploy:TagResource",
                "codedeploy:UntagResource",
                "codedeploy:UpdateDeploymentGroup",
            ],
            resources=[
                names.arn("codedeploy", f"application:{names.application}"),
                names.arn("codedeploy", f"deploymentgroup:{names.application}/*"),
                names.arn("codedeploy", f"deploymentconfig:{names.service}-*"),
            ],
        ),
        Statement(
            actions=["codebuild:CreateProject", "codebuild:DeleteProject", "codebuild:UpdateProject"],
            resources=names.codebuild_projects,
        ),
        Statement(
            actions=[
                "codepipeline:CreatePipeline",
                "codepipeline:DeletePipeline",
                "codepipeline:TagResource",
                "codepipeline:UntagResource",
                "codepipeline:UpdatePipeline",
            ],
            resources=[names.arn("codepipeline", names.delivery_pipeline)],
        ),
        Statement(
            actions=[
                f"{service}:{action}"
                for service in connections
                for action in (
                    "CreateConnection",
                    "DeleteConnection",
                    "PassConnection",
                    "TagResource",
                    "UntagResource",
                    "UseConnection",
                )
            ],
            resources=[
                *([named] if (named := names.pipeline.source.connection_arn) else ()),
                *(names.arn(service, "connection/*") for service in connections),
            ],
        ),
    ]


def _roles(names: Names, bounded: Conditions) -> list[Statement]:
    """Roles and instance profiles.

    bounded: the condition for creating roles and attaching policies to them.
    """
    roles = [names.global_arn("iam", f"role/{names.service}-*")]
    return [
        Statement(
            actions=[
                "iam:AttachRolePolicy",
                "iam:CreateRole",
                "iam:DeleteRolePolicy",
                "iam:DetachRolePolicy",
                "iam:PutRolePolicy",
            ],
            resources=roles,
            conditions=bounded,
        ),
        Statement(
            actions=[
                "iam:DeleteRole",
                "iam:ListInstanceProfilesForRole",
                "iam:TagRole",
                "iam:UntagRole",
                "iam:UpdateAssumeRolePolicy",
                "iam:UpdateRole",
            ],
            resources=roles,
        ),
        Statement(
            actions=[
                "iam:AddRoleToInstanceProfile",
                "iam:CreateInstanceProfile",
                "iam:DeleteInstanceProfile",
                "iam:RemoveRoleFromInstanceProfile",
                "iam:TagInstanceProfile",
                "iam:UntagInstanceProfile",
            ],
            resources=[names.global_arn("iam", f"instance-profile/{names.service}-*")],
        ),
    ]


def _passing(names: Names) -> list[Statement]:
    return [
        Statement(
            actions=["iam:PassRole"],
            resources=[names.global_arn("iam", f"role/{names.service}-*")],
            conditions={"StringEquals": {"iam:PassedToService": list(SERVICES_WITH_ROLES)}},
        ),
        Statement(
            actions=["iam:CreateServiceLinkedRole"],
            resources=[names.global_arn("iam", "role/aws-service-role/*")],
            conditions={"StringEquals": {"iam:AWSServiceName": list(SERVICE_LINKED)}},
        ),
    ]


def _not_access(names: Names) -> Statement:
    """Deny changes to the access stack's roles: only a person may change who has which permissions."""
    return Statement(
        effect="Deny",
        actions=[
            *("iam:Attach*", "iam:Create*", "iam:Delete*", "iam:Detach*", "iam:PassRole"),
            *("iam:Put*", "iam:Tag*", "iam:Untag*", "iam:Update*"),
        ],
        resources=[names.global_arn("iam", f"role/{role}") for role in (names.plan_role, names.apply_role)],
    )


def _access(names: Names) -> list[Statement]:
    """The access stack: policies for people and GitHub's OIDC provider; ``_roles`` covers its roles."""
    statements = [
        Statement(
            actions=[
                "iam:CreatePolicy",
                "iam:CreatePolicyVersion",
                "iam:DeletePolicy",
                "iam:DeletePolicyVersion",
                "iam:ListPolicyVersions",
                "iam:TagPolicy",
                "iam:UntagPolicy",
            ],
            resources=[names.global_arn("iam", f"policy/{names.service}-*")],
        )
    ]
    if names.pipeline.access and not names.pipeline.access.oidc_provider_arn:
        statements.append(
            Statement(
                actions=[
                    "iam:CreateOpenIDConnectProvider",
                    "iam:DeleteOpenIDConnectProvider",
                    "iam:TagOpenIDConnectProvider",
                    "iam:UntagOpenIDConnectProvider",
                ],
                resources=[names.global_arn("iam", "oidc-provider/token.actions.githubusercontent.com")],
            )
        )
    return statements


def _bootstrap(names: Names) -> list[Statement]:
    """The state bucket: created by ``slipway bootstrap``, deleted by ``slipway destroy --state-bucket``."""
    bucket = names.bucket_arn(names.state_bucket)
    return [
        Statement(
            actions=[
                "s3:CreateBucket",
                "s3:DeleteBucket",
                "s3:DeleteBucketPolicy",
                "s3:GetBucketOwnershipControls",
                "s3:GetBucketPolicy",
                "s3:GetBucketPublicAccessBlock",
                "s3:GetBucketTagging",
                "s3:GetBucketVersioning",
                "s3:GetEncryptionConfiguration",
                "s3:GetLifecycleConfiguration",
                "s3:ListBucketVersions",
                "s3:PutBucketOwnershipControls",
                "s3:PutBucketPolicy",
                "s3:PutBucketPublicAccessBlock",
                "s3:PutBucketTagging",
                "s3:PutBucketVersioning",
                "s3:PutEncryptionConfiguration",
                "s3:PutLifecycleConfiguration",
            ],
            resources=[bucket],
        ),
        Statement(actions=["s3:DeleteObject", "s3:DeleteObjectVersion"], resources=[f"{bucket}/*"]),
    ]


def _emptying(names: Names) -> list[Statement]:
    """What ``slipway destroy`` does beside Terraform: it empties buckets and repositories, and reads rules.

    AWS deletes only empty ones. A load balancer that forwards to other services is not destroyed.
    """
    buckets: Sequence[str] = names.created_buckets
    return [
        Statement(actions=["s3:ListBucketVersions"], resources=buckets),
        Statement(
            actions=["s3:DeleteObject", "s3:DeleteObjectVersion"],
            resources=[f"{bucket}/*" for bucket in buckets],
        ),
        Statement(actions=["ecr:BatchDeleteImage", "ecr:ListImages"], resources=_own_repositories(names)),
        *([] if names.existing_load_balancers else [_rules_of_listeners()]),
    ]


def _rules_of_listeners() -> Statement:
    """Read the rules of listeners; the plan's statements have it where a load balancer exists already."""
    return Statement(
        actions=["elasticloadbalancing:DescribeRules"],
        resources=["*"],
        reason="describe actions of load balancing have no resource-level permissions",
    )


def _adopting(names: Names) -> list[Statement]:
    """Finding existing resources for ``slipway adopt``, beside what a plan reads."""
    domains = any(environment.domain for environment in names.pipeline.environments)
    return [
        Statement(
            actions=[
                *(["acm:ListCertificates"] if domains else []),
                "autoscaling:DescribeInstanceRefreshes",
                "codedeploy:BatchGetDeploymentGroups",
                "codedeploy:ListApplications",
                "codedeploy:ListDeploymentGroups",
            ],
            resources=["*"],
            reason="a deployment group of any application may deploy to the same hosts",
        ),
        Statement(actions=["sns:ListSubscriptionsByTopic"], resources=[names.topic_arn]),
    ]


if __name__ == "__main__":
    settings = load(Path(os.environ.get("SLIPWAY_SETTINGS") or "pipeline.toml"))
    sys.stdout.write(f"{json.dumps([statement.render() for statement in applier(Names.of(settings))])}\n")
