"""Names that AWS's models say nothing of: for each row of the table some that are taken, some not."""

import pytest

from local.emulator.strict import names
from local.emulator.strict.names import NAMES
from local.emulator.strict.refusals import Refusal
from tests.local.emulator.strict.requests import request

RANGES = ("IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs")
TRIED: dict[tuple[str, str], tuple[str, list[str]]] = {
    ("elbv2:CreateLoadBalancer", "Name"): ("my-app", ["internal-app", "-app", "app-", "a" * 33, "a_b"]),
    ("elbv2:CreateTargetGroup", "Name"): ("my-app", ["-app", "a.b", "a" * 33]),
    ("sns:CreateTopic", "Name"): ("my-app_alerts", ["my app", "a.b", "a" * 257]),
    ("s3:CreateBucket", "Bucket"): ("my-app.logs", ["My-app", "a..b", "ab", "1.2.3.4", "xn--a", "a-s3alias"]),
    ("autoscaling:CreateAutoScalingGroup", "AutoScalingGroupName"): ("my-app/1", ["my app", "a:b", "é"]),
    ("cloudwatch:PutDashboard", "DashboardName"): ("my-app_1", ["my app", "a.b"]),
    ("kms:CreateAlias", "AliasName"): ("alias/my-app", ["my-app", "alias/aws/sns", "alias/a:b"]),
    ("logs:CreateLogGroup", "logGroupName"): ("/aws/codebuild/a", ["aws/codebuild/a", "AWS/a"]),
    ("ec2:CreateLaunchTemplate", "LaunchTemplateName"): ("my-app/1", ["my app", "ab", "a" * 129]),
    ("ec2:CreateSecurityGroup", "GroupName"): ("my-app (hosts)", ["sg-hosts", "é"]),
    ("ec2:CreateSecurityGroup", "Description"): ("my-app: hosts", ["the hosts' group", "a > b", "für"]),
}


@pytest.mark.parametrize(("call", "member"), TRIED)
def test_a_name_is_held_against_what_aws_says_of_it(call: str, member: str) -> None:
    good, bad = TRIED[call, member]
    names.check(request(call, **{member: good}))
    for each in bad:
        with pytest.raises(Refusal):
            names.check(request(call, **{member: each}))


@pytest.mark.parametrize("ranges", RANGES)
@pytest.mark.parametrize("direction", ["Ingress", "Egress"])
def test_a_rules_description_is_held_to_the_same_letters(ranges: str, direction: str) -> None:
    def rule(description: str) -> dict[str, object]:
        return {"IpPermissions": [{ranges: [{"Description": description}]}]}

    call = f"ec2:AuthorizeSecurityGroup{direction}"
    names.check(request(call, **rule("HTTPS to anywhere")))
    with pytest.raises(Refusal, match="Invalid security group description"):
        names.check(request(call, **rule("the load balancer's way in")))


def test_every_row_of_the_table_is_tried() -> None:
    rows = {(call, name.member) for name in NAMES for call in name.calls}
    rules = {
        (f"ec2:AuthorizeSecurityGroup{direction}", f"IpPermissions[].{ranges}[].Description")
        for ranges in RANGES
        for direction in ("Ingress", "Egress")
    }
    assert rows == {*TRIED, *rules}
