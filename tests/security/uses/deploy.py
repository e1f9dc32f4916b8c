"""What CodeDeploy calls with its role, for deployments in place."""

from modules.config.names import EnvironmentNames
from tests.security.account import Account
from tests.security.uses.use import CODEDEPLOY, Use, publishing

MANAGED = f"{CODEDEPLOY}/managed-policies.html"
"""AWSCodeDeployRole. Which part of it deployments in place use, AWS says nowhere: decision 0013."""

GROUP_SUFFIX = "20261123084500123400000001"
"""What Terraform appends to the name of the hosts' group: 26 characters, the time and a count."""


def uses(account: Account, environment: EnvironmentNames) -> list[Use]:
    """The deploy role's, in one environment."""
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
            "it finds the hosts of the group",
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
            "it sees how the hosts stand with the load balancer",
            MANAGED,
        ),
        Use(
            ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
            [
                environment.arn(
                    "elasticloadbalancing", f"targetgroup/{environment.target_group}/73e2d6bc24d8a067"
                )
            ],
            "it takes hosts out of traffic and puts them back",
            MANAGED,
        ),
        Use(["cloudwatch:DescribeAlarms"], ["*"], "it stops when an alarm goes off", MANAGED),
        Use(
            [
                "autoscaling:CompleteLifecycleAction",
                "autoscaling:DeleteLifecycleHook",
                "autoscaling:PutLifecycleHook",
                "autoscaling:RecordLifecycleActionHeartbeat",
            ],
            [environment.arn("autoscaling", group)],
            "it deploys to a new host before that gets traffic",
            MANAGED,
        ),
        Use(
            ["autoscaling:ResumeProcesses", "autoscaling:SuspendProcesses"],
            [environment.arn("autoscaling", group)],
            "it keeps Auto Scaling from ending hosts while it deploys",
            f"{CODEDEPLOY}/integrations-aws-auto-scaling-suspend-processes.html",
        ),
        *publishing(account, "its trigger tells people how deployments end", MANAGED),
    ]
