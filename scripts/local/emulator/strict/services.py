"""The services that Slipway and its Terraform call, by the names of their models."""

SERVICES = frozenset(
    {
        "acm",
        "autoscaling",
        "cloudwatch",
        "codebuild",
        "codeconnections",
        "codedeploy",
        "codepipeline",
        "codestar-connections",
        "ec2",
        "ecr",
        "elbv2",
        "events",
        "iam",
        "kms",
        "logs",
        "route53",
        "s3",
        "service-quotas",
        "sns",
        "ssm",
        "sts",
    }
)
