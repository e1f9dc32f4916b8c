"""Calls of the project that runs commands in the service's image: by CodeBuild, and by its scripts."""

from modules.config.names import EnvironmentNames
from tests.security.account import Account
from tests.security.uses import hosts
from tests.security.uses.use import CODEBUILD, Use, streams

NETWORK = (
    "docs.aws.amazon.com/codebuild/latest/userguide/"
    "auth-and-access-control-iam-identity-based-access-control.html"
)


def uses(account: Account, environment: EnvironmentNames) -> list[Use]:
    """Calls of the role of one environment."""
    names = account.names
    artifact = f"{names.bucket_arn(names.artifact_bucket)}/{names.revision_artifact_prefix}AbCdEfG"
    subnets, groups = (
        [
            account.made(resource)
            for resource in account.synthesised.resources(kind)
            if resource.stack == environment.stack and part in resource.path
        ]
        for kind, part in (("aws_subnet", "/private-"), ("aws_security_group", "/hosts/"))
    )
    interface = environment.arn("ec2", "network-interface/eni-0123456789abcdef0")
    log = environment.arn("logs", f"log-group:{environment.log_group('run')}")
    return [
        Use(
            ["s3:GetObject", "s3:GetObjectVersion"], [artifact], "CodeBuild downloads the revision", CODEBUILD
        ),
        *(each for each in hosts.revision(account, names, environment) if "kms:Decrypt" in each.actions),
        *hosts.image(names),
        *hosts.parameters(account, environment),
        Use(
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            streams(log),
            "CodeBuild writes the command's output",
            CODEBUILD,
        ),
        Use(
            [
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
            ],
            ["*"],
            "CodeBuild reads the environment's network",
            NETWORK,
        ),
        Use(
            ["ec2:CreateNetworkInterface"],
            [interface, *subnets, *groups],
            "CodeBuild attaches to the environment's network",
            NETWORK,
        ),
        Use(
            ["ec2:DeleteNetworkInterface"],
            [interface],
            "CodeBuild detaches from the environment's network",
            NETWORK,
        ),
        *(
            Use(
                ["ec2:CreateNetworkInterfacePermission"],
                [interface],
                "CodeBuild attaches to the environment's network",
                NETWORK,
                {"ec2:AuthorizedService": "codebuild.amazonaws.com", "ec2:Subnet": subnet},
            )
            for subnet in subnets
        ),
    ]
