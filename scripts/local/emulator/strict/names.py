"""Rules for names and texts that AWS documents but that its API models do not contain."""

import re
from dataclasses import dataclass

from local.emulator.strict.parameters import text, values
from local.emulator.strict.refusals import Refusal
from local.emulator.strict.requests import Asked

HYPHENATED = r"[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?"
GROUP_TEXT = r"[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}"
WORDS_OF_GROUPS = (
    "Invalid security group description. Valid descriptions are strings less than 256 characters from the "
    "following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{{}}!$*"
)


@dataclass(frozen=True)
class Name:
    """A rule for a name. calls, member: where it is given; words: AWS's message, with ``{}`` for the name.

    what: the rule as it is shown in docs/emulator.md.
    """

    what: str
    calls: tuple[str, ...]
    member: str
    pattern: str
    code: str
    words: str
    source: str


NAMES = (
    Name(
        "a load balancer's name: as a target group's, without the prefix internal-",
        ("elbv2:CreateLoadBalancer",),
        "Name",
        rf"(?!internal-){HYPHENATED}",
        "ValidationError",
        "The load balancer name '{}' is not valid",
        "elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer",
    ),
    Name(
        "a target group's name: at most 32 letters, digits and hyphens, no hyphen at either end",
        ("elbv2:CreateTargetGroup",),
        "Name",
        HYPHENATED,
        "ValidationError",
        "The target group name '{}' is not valid",
        "elasticloadbalancing/latest/APIReference/API_CreateTargetGroup",
    ),
    Name(
        "a topic's name: at most 256 letters, digits, hyphens and underscores",
        ("sns:CreateTopic",),
        "Name",
        r"[A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\.fifo",
        "InvalidParameter",
        "Invalid parameter: Topic Name",
        "sns/latest/api/API_CreateTopic",
    ),
    Name(
        "a bucket's name: 3 to 63 lower-case letters, digits, dots and hyphens, valid as a host name",
        ("s3:CreateBucket",),
        "Bucket",
        r"(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)"
        r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias)(?<!--ol-s3)(?<!\.mrap)(?<!--x-s3)",
        "InvalidBucketName",
        "The specified bucket is not valid.",
        "AmazonS3/latest/userguide/bucketnamingrules",
    ),
    Name(
        "an Auto Scaling group's name: ASCII without spaces and colons",
        ("autoscaling:CreateAutoScalingGroup",),
        "AutoScalingGroupName",
        r"[!-9;-~]{1,255}",
        "ValidationError",
        "Invalid Auto Scaling group name '{}'",
        "autoscaling/ec2/APIReference/API_CreateAutoScalingGroup",
    ),
    Name(
        "a dashboard's name: at most 255 letters, digits, hyphens and underscores",
        ("cloudwatch:PutDashboard",),
        "DashboardName",
        r"[A-Za-z0-9_-]{1,255}",
        "InvalidParameterInput",
        "The dashboard name '{}' is not valid",
        "AmazonCloudWatch/latest/APIReference/API_PutDashboard",
    ),
    Name(
        "a key's alias: begins with alias/, but not with alias/aws/",
        ("kms:CreateAlias",),
        "AliasName",
        r"alias/(?!aws/)[A-Za-z0-9/_-]+",
        "InvalidAliasNameException",
        "Alias name '{}' is not valid",
        "kms/latest/APIReference/API_CreateAlias",
    ),
    Name(
        "a log group's name: no prefix aws/",
        ("logs:CreateLogGroup",),
        "logGroupName",
        r"(?!(?i:aws)/).*",
        "InvalidParameterException",
        "Log groups starting with AWS/ are reserved for AWS.",
        "AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup",
    ),
    Name(
        "a launch template's name: 3 to 128 letters, digits and ( ) . - / _",
        ("ec2:CreateLaunchTemplate",),
        "LaunchTemplateName",
        r"[a-zA-Z0-9()./_-]{3,128}",
        "InvalidLaunchTemplateName.MalformedException",
        "Launch template name {} is not valid",
        "AWSEC2/latest/APIReference/API_CreateLaunchTemplate",
    ),
    Name(
        "a security group's name: no prefix sg-",
        ("ec2:CreateSecurityGroup",),
        "GroupName",
        rf"(?!sg-){GROUP_TEXT}",
        "InvalidParameterValue",
        "Invalid value '{}' for groupName.",
        "AWSEC2/latest/APIReference/API_CreateSecurityGroup",
    ),
    *(
        Name(
            "descriptions of a security group and its rules: ASCII without apostrophe, < and >",
            calls,
            member,
            GROUP_TEXT,
            "InvalidParameterValue",
            WORDS_OF_GROUPS,
            f"AWSEC2/latest/APIReference/{page}",
        )
        for calls, member, page in (
            (("ec2:CreateSecurityGroup",), "Description", "API_CreateSecurityGroup"),
            *(
                (
                    ("ec2:AuthorizeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupEgress"),
                    f"IpPermissions[].{ranges}[].Description",
                    page,
                )
                for ranges, page in (
                    ("IpRanges", "API_IpRange"),
                    ("Ipv6Ranges", "API_Ipv6Range"),
                    ("PrefixListIds", "API_PrefixListId"),
                    ("UserIdGroupPairs", "API_UserIdGroupPair"),
                )
            ),
        )
    ),
)


def check(asked: Asked) -> None:
    """Raises Refusal for an invalid name."""
    for name in NAMES:
        if asked.name not in name.calls:
            continue
        for value in values(asked.parameters, name.member):
            if not re.fullmatch(name.pattern, text(value)):
                raise Refusal(name.code, name.words.format(text(value)))
