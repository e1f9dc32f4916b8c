"""Calls of CodeDeploy's role, for in-place deployments."""

from modules.config.names import EnvironmentNames
from tests.security.account import Account
from tests.security.uses.use import CODEDEPLOY, Use, publishing

MANAGED = f"{CODEDEPLOY}/managed-policies.html"
"""AWSCodeDeployRole. AWS does not document which part of it in-place deployments use: decision 0013."""

GROUP_SUFFIX = "20261123084500123400000001"
"""What Terraform appends to the name of the hosts' group: 26 characters, the time and a count."""


def uses(account: Account, environment: EnvironmentNames) -> list[Use]:
    """Calls of the deploy role of one environment."""
    group = f"autoScalingGroup:6f5e4d3c:autoScalingGroupName/{environment.hosts}-{GROUP_SUFFIX}"
    return [
        Use(
            [
                "autoscaling:DescribeAutoScalingGroups",
                "autoscaling:DescribeLifecycleHooks",
                "ec2:DescribeInstanceStatus",
                "ec2:DescribeInstances",
                "tag:GetResources",
            ],
            ["*"],
            "CodeDeploy finds the hosts of the group",
            MANAGED,
        ),
        Use(
            [
                "elasticloadbalancing:DescribeLoadBalancerAttributes",
                "elasticloadbalancing:DescribeLoadBalancers",
                "elasticloadbalancing:DescribeTargetGroupAttributes",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
            ],
            ["*"],
            "CodeDeploy reads the state of the hosts in the load balancer",
            MANAGED,
        ),
        Use(
            ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
            [
                environment.arn(
                    "elasticloadbalancing", f"targetgroup/{environment.target_group}/73e2d6bc24d8a067"
                )
            ],
            "CodeDeploy deregisters hosts from the load balancer and registers them again",
            MANAGED,
        ),
        Use(
            ["cloudwatch:DescribeAlarms"],
            ["*"],
            "CodeDeploy stops a deployment when an alarm goes off",
            MANAGED,
        ),
        Use(
            [
                "autoscaling:CompleteLifecycleAction",
                "autoscaling:DeleteLifecycleHook",
                "autoscaling:PutLifecycleHook",
                "autoscaling:RecordLifecycleActionHeartbeat",
            ],
            [environment.arn("autoscaling", group)],
            "CodeDeploy deploys to a new host before it gets traffic",
            MANAGED,
        ),
        Use(
            ["autoscaling:ResumeProcesses", "autoscaling:SuspendProcesses"],
            [environment.arn("autoscaling", group)],
            "CodeDeploy prevents Auto Scaling from terminating hosts during a deployment",
            f"{CODEDEPLOY}/integrations-aws-auto-scaling-suspend-processes.html",
        ),
        *publishing(account, "CodeDeploy's trigger reports the end of deployments", MANAGED),
    ]
