"""Whether CI's role may read what a plan of everything that is synthesised reads, and nothing more."""

import pytest

from tests.synthesis import Synthesised, synthesised

STATE = {"s3:GetObject", "s3:ListBucket"}

# What the AWS provider asks for to refresh each type.
READS: dict[str, str] = {
    "aws_acm_certificate": "acm:DescribeCertificate acm:ListTagsForCertificate",
    "aws_acm_certificate_validation": "acm:DescribeCertificate",
    "aws_autoscaling_group": "autoscaling:DescribeAutoScalingGroups",
    "aws_autoscaling_lifecycle_hook": "autoscaling:DescribeLifecycleHooks",
    "aws_autoscaling_policy": "autoscaling:DescribePolicies",
    "aws_availability_zones": "ec2:DescribeAvailabilityZones",
    "aws_cloudwatch_dashboard": "cloudwatch:GetDashboard",
    "aws_cloudwatch_event_rule": "events:DescribeRule events:ListTagsForResource",
    "aws_cloudwatch_event_target": "events:ListTargetsByRule",
    "aws_cloudwatch_log_group": "logs:DescribeLogGroups logs:ListTagsForResource",
    "aws_cloudwatch_metric_alarm": "cloudwatch:DescribeAlarms cloudwatch:ListTagsForResource",
    "aws_codebuild_project": "codebuild:BatchGetProjects",
    "aws_codedeploy_app": "codedeploy:GetApplication codedeploy:ListTagsForResource",
    "aws_codedeploy_deployment_config": "codedeploy:GetDeploymentConfig",
    "aws_codedeploy_deployment_group": "codedeploy:GetDeploymentGroup codedeploy:ListTagsForResource",
    "aws_codepipeline": "codepipeline:GetPipeline codepipeline:ListTagsForResource",
    "aws_codestarconnections_connection": (  # renamed; the connection's ARN says which name AWS checks
        "codeconnections:GetConnection codeconnections:ListTagsForResource"
        " codestar-connections:GetConnection codestar-connections:ListTagsForResource"
        " codeconnections:ListConnections codestar-connections:ListConnections"  # the data source, by name
    ),
    "aws_default_security_group": "ec2:DescribeSecurityGroups",
    "aws_ecr_lifecycle_policy": "ecr:GetLifecyclePolicy",
    "aws_ecr_repository": "ecr:DescribeRepositories ecr:ListTagsForResource",
    "aws_ecr_repository_policy": "ecr:GetRepositoryPolicy",
    "aws_eip": "ec2:DescribeAddresses ec2:DescribeAddressesAttribute",
    "aws_flow_log": "ec2:DescribeFlowLogs",
    "aws_iam_instance_profile": "iam:GetInstanceProfile iam:GetRole",
    "aws_iam_openid_connect_provider": "iam:GetOpenIDConnectProvider",
    "aws_iam_policy": "iam:GetPolicy iam:GetPolicyVersion",
    "aws_iam_role": "iam:GetRole iam:ListAttachedRolePolicies iam:ListRolePolicies",
    "aws_iam_role_policy": "iam:GetRolePolicy",
    "aws_iam_role_policy_attachment": "iam:ListAttachedRolePolicies",
    "aws_internet_gateway": "ec2:DescribeInternetGateways",
    "aws_kms_alias": "kms:ListAliases",
    "aws_kms_key": "kms:DescribeKey kms:GetKeyPolicy kms:GetKeyRotationStatus kms:ListResourceTags",
    "aws_launch_template": "ec2:DescribeLaunchTemplates ec2:DescribeLaunchTemplateVersions",
    "aws_lb": (
        "elasticloadbalancing:DescribeLoadBalancers elasticloadbalancing:DescribeLoadBalancerAttributes"
        " elasticloadbalancing:DescribeCapacityReservation elasticloadbalancing:DescribeTags"
    ),
    "aws_lb_listener": (
        "elasticloadbalancing:DescribeListeners elasticloadbalancing:DescribeListenerAttributes"
        " elasticloadbalancing:DescribeTags"
    ),
    "aws_lb_target_group": (
        "elasticloadbalancing:DescribeTargetGroups elasticloadbalancing:DescribeTargetGroupAttributes"
        " elasticloadbalancing:DescribeTags"
    ),
    "aws_nat_gateway": "ec2:DescribeNatGateways",
    "aws_route": "ec2:DescribeRouteTables",
    "aws_route53_record": "route53:GetHostedZone route53:ListResourceRecordSets",
    "aws_route53_zone": "route53:ListHostedZones route53:GetHostedZone route53:ListTagsForResource",
    "aws_route_table": "ec2:DescribeRouteTables",
    "aws_route_table_association": "ec2:DescribeRouteTables",
    "aws_s3_bucket": (
        "s3:ListBucket s3:GetAccelerateConfiguration s3:GetBucketAcl s3:GetBucketCORS"
        " s3:GetBucketLogging s3:GetBucketObjectLockConfiguration s3:GetBucketPolicy"
        " s3:GetBucketRequestPayment s3:GetBucketTagging s3:GetBucketVersioning s3:GetBucketWebsite"
        " s3:GetEncryptionConfiguration s3:GetLifecycleConfiguration s3:GetReplicationConfiguration"
    ),
    "aws_s3_bucket_lifecycle_configuration": "s3:GetLifecycleConfiguration",
    "aws_s3_bucket_notification": "s3:GetBucketNotification",
    "aws_s3_bucket_ownership_controls": "s3:GetBucketOwnershipControls",
    "aws_s3_bucket_policy": "s3:GetBucketPolicy",
    "aws_s3_bucket_public_access_block": "s3:GetBucketPublicAccessBlock",
    "aws_s3_bucket_server_side_encryption_configuration": "s3:GetEncryptionConfiguration",
    "aws_s3_bucket_versioning": "s3:GetBucketVersioning",
    "aws_security_group": "ec2:DescribeSecurityGroups",
    "aws_sns_topic": "sns:GetTopicAttributes sns:ListTagsForResource",
    "aws_sns_topic_policy": "sns:GetTopicAttributes",
    "aws_sns_topic_subscription": "sns:GetSubscriptionAttributes",
    "aws_ssm_document": "ssm:DescribeDocument ssm:DescribeDocumentPermission ssm:GetDocument",
    "aws_subnet": "ec2:DescribeSubnets",
    "aws_vpc": (
        "ec2:DescribeVpcs ec2:DescribeVpcAttribute ec2:DescribeNetworkAcls ec2:DescribeRouteTables"
        " ec2:DescribeSecurityGroups"
    ),
    "aws_vpc_endpoint": "ec2:DescribeVpcEndpoints ec2:DescribePrefixLists",
    "aws_vpc_endpoint Interface": "ec2:DescribeNetworkInterfaces",
    "aws_vpc_security_group_egress_rule": "ec2:DescribeSecurityGroupRules",
    "aws_vpc_security_group_ingress_rule": "ec2:DescribeSecurityGroupRules",
}


def kinds(everything: Synthesised) -> set[str]:
    """What there is of resources and data sources; interface endpoints also by themselves."""
    data = {kind for stack in everything.stacks.values() for kind in stack.get("data", {})}
    interfaces = {
        f"{endpoint.type} Interface"
        for endpoint in everything.resources("aws_vpc_endpoint")
        if endpoint["vpc_endpoint_type"] == "Interface"
    }
    return {resource.type for resource in everything.resources()} | data | interfaces


def allowed(everything: Synthesised) -> set[str]:
    """Every action of CI's role."""
    return {
        action
        for policy in everything.policies()
        if policy.owner.type == "aws_iam_role_policy" and "/plan/" in policy.owner.path
        for statement in policy.statements
        for action in statement["Action"]
    }


@pytest.mark.parametrize("variant", ["everything", "endpoints", "demo"])
def test_a_plan_may_read_everything_that_is_synthesised(variant: str) -> None:
    everything = synthesised(variant)
    may = allowed(everything)

    missing = {kind: set(READS.get(kind, "unknown").split()) - may for kind in kinds(everything)}
    assert {kind: actions for kind, actions in missing.items() if actions} == {}


def test_a_plan_may_read_nothing_that_no_resource_needs() -> None:
    needed = {action for actions in READS.values() for action in actions.split()}

    assert allowed(synthesised("everything")) - needed - STATE == set()
