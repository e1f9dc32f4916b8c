"""CodeDeploy's service role, for in-place deployments to one Auto Scaling group."""

from constructs_lib.arn import arn
from constructs_lib.place import place_of
from constructs_lib.policy import Statement, assumed_by
from constructs_lib.role import Role

from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

SUFFIX = "?" * 26
"""Matches the 26 characters that Terraform appends to ``name_prefix``. A ``*`` would also match the groups
of an environment whose name begins with this one's name."""


class DeployRole(Role):
    """Lets CodeDeploy deregister hosts from the load balancer, register them again, and read alarms.

    AWS documents only its managed policy AWSCodeDeployRole for this, with ``ec2:RunInstances`` and
    ``iam:PassRole`` for blue/green deployments. This role has the part of it that in-place deployments
    use, as far as the documentation shows: AWS does not confirm any smaller set.
    (docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html)

    name: the role's name; at most 64 characters.
    group_arn: the deployment group; CodeDeploy may assume the role only for this group
        (docs.aws.amazon.com/codedeploy/latest/userguide/security_confused_deputy.html).
    hosts: the prefix of the Auto Scaling group's name.
    target_group: the target group's name.
    managed_policy: whether to attach AWS's managed policy instead of the smaller set. Default: no.

    >>> role = DeployRole(stack, "deploy-role", name="my-app-staging-deploy",
    ...     hosts="my-app-staging", target_group="my-app-staging-8080",
    ...     group_arn="arn:aws:codedeploy:eu-central-1:123456789012:deploymentgroup:my-app/my-app-staging")
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        group_arn: str,
        hosts: str,
        target_group: str,
        managed_policy: bool = False,
    ) -> None:
        self.place = place_of(scope)
        super().__init__(
            scope,
            id,
            name=name,
            description="CodeDeploy takes hosts out of the load balancer, deploys to them, puts them back.",
            trust=assumed_by(
                "codedeploy.amazonaws.com",
                {
                    "StringEquals": {"aws:SourceAccount": self.place.account},
                    "ArnLike": {"aws:SourceArn": group_arn},
                },
            ),
        )
        if managed_policy:
            self.managed_policy = IamRolePolicyAttachment(
                self,
                "managed-policy",
                role=self.resource.name,
                policy_arn=arn("iam", "policy/service-role/AWSCodeDeployRole", account="aws"),
            )
            self.grants.append(self.managed_policy)
            return
        self.allow("see-hosts", _see())
        self.allow(
            "move-traffic",
            Statement(
                actions=["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
                resources=[self.place.arn("elasticloadbalancing", f"targetgroup/{target_group}/*")],
            ),
        )
        self.allow(
            "hook-into-scaling",
            Statement(
                actions=[
                    "autoscaling:PutLifecycleHook",
                    "autoscaling:DeleteLifecycleHook",
                    "autoscaling:CompleteLifecycleAction",
                    "autoscaling:RecordLifecycleActionHeartbeat",
                    # CodeDeploy suspends Auto Scaling so that no host is terminated during a deployment
                    # (codedeploy/latest/userguide/integrations-aws-auto-scaling-suspend-processes.html).
                    "autoscaling:ResumeProcesses",
                    "autoscaling:SuspendProcesses",
                ],
                resources=[
                    self.place.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{hosts}-{SUFFIX}")
                ],
            ),
        )


def _see() -> Statement:
    return Statement(
        actions=[
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
        ],
        resources=["*"],
        reason="no resource-level permissions; cloudwatch:DescribeAlarms supports them, but not for composite"
        " alarms",
    )
