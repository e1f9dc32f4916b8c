from typing import Any

from constructs_lib.deploy_role import DeployRole
from constructs_lib.testing import Testing, assert_has_no_resource, resource

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment

from tests.constructs_lib.building import ACCOUNT, REGION
from tests.constructs_lib.samples import granted, trust

GROUP = f"arn:aws:codedeploy:{REGION}:{ACCOUNT}:deploymentgroup:my-app/my-app-prod"


def deploy_role(stack: TerraformStack, **settings: Any) -> DeployRole:  # noqa: ANN401 - what DeployRole takes
    return DeployRole(
        stack,
        "deploy-role",
        name="my-app-prod-deploy",
        group_arn=GROUP,
        hosts="my-app-prod",
        target_group="my-app-prod-8080",
        **settings,
    )


def with_managed_policy(stack: TerraformStack) -> DeployRole:
    return deploy_role(stack, managed_policy=True)


def test_codedeploy_may_assume_it_for_this_deployment_group_only() -> None:
    assert trust(Testing.synth_scope(deploy_role)) == {
        "Effect": "Allow",
        "Principal": {"Service": ["codedeploy.amazonaws.com"]},
        "Action": ["sts:AssumeRole"],
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": GROUP}},
    }


def test_it_only_looks_where_no_resource_can_be_named() -> None:
    (only,) = granted(Testing.synth_scope(deploy_role), "see-hosts")

    assert only["Resource"] == ["*"]
    assert all(action.split(":")[1].startswith(("Describe", "Get")) for action in only["Action"])


def test_it_sees_what_awss_own_policy_for_codedeploy_lets_it_see_of_hosts_and_targets() -> None:
    (only,) = granted(Testing.synth_scope(deploy_role), "see-hosts")

    assert {
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeLifecycleHooks",
        "cloudwatch:DescribeAlarms",
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceStatus",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "tag:GetResources",
    } == set(only["Action"])


def test_it_moves_hosts_in_and_out_of_its_own_target_group() -> None:
    assert granted(Testing.synth_scope(deploy_role), "move-traffic") == [
        {
            "Effect": "Allow",
            "Action": ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
            "Resource": [f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/my-app-prod-8080/*"],
        }
    ]


def test_it_hooks_into_the_scaling_of_its_own_hosts() -> None:
    """Not into that of my-app-prod-eu's: Terraform appends 26 characters to the prefix of a name."""
    groups = f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:autoScalingGroup:*:autoScalingGroupName"

    assert granted(Testing.synth_scope(deploy_role), "hook-into-scaling") == [
        {
            "Effect": "Allow",
            "Action": [
                "autoscaling:PutLifecycleHook",
                "autoscaling:DeleteLifecycleHook",
                "autoscaling:CompleteLifecycleAction",
                "autoscaling:RecordLifecycleActionHeartbeat",
                "autoscaling:ResumeProcesses",
                "autoscaling:SuspendProcesses",
            ],
            "Resource": [f"{groups}/my-app-prod-{'?' * len('20261123084500123400000001')}"],
        }
    ]


def test_awss_own_policy_is_not_attached_unless_said() -> None:
    assert_has_no_resource(Testing.synth_scope(deploy_role), IamRolePolicyAttachment)


def test_awss_own_policy_takes_the_place_of_ours_where_said() -> None:
    synthesised = Testing.synth_scope(with_managed_policy)

    assert resource(synthesised, IamRolePolicyAttachment)["policy_arn"] == (
        "arn:aws:iam::aws:policy/service-role/AWSCodeDeployRole"
    )
    assert_has_no_resource(synthesised, IamRolePolicy)


def test_awss_own_policy_is_a_grant_that_a_deployment_group_can_wait_for() -> None:
    def build(stack: TerraformStack) -> None:
        role = with_managed_policy(stack)
        assert role.grants == [role.managed_policy]

    Testing.synth_scope(build)
