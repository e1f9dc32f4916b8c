from collections.abc import Iterator
from typing import Any

from constructs_lib.policy import assumed_by
from constructs_lib.role import Role
from constructs_lib.testing import Testing, resource, resources, statements

from cdktf import TerraformStack

from modules import plan_permissions
from modules.config.names import Names
from tests.settings import everything, minimal, one_environment

READING = ("Get", "List", "Describe", "BatchGet")
CONTENT = {
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "kms:Decrypt",
    "logs:GetLogEvents",
    "logs:FilterLogEvents",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
}


def synthesised(names: Names) -> str:
    def build(stack: TerraformStack) -> None:
        role = Role(stack, "plan", name="plan", description="Plans.", trust=assumed_by("ec2.amazonaws.com"))
        plan_permissions.grant(role, names)

    return Testing.synth_scope(build)


NAMES = Names.of(minimal())
ALL_THERE_IS = Names.of(everything())


def granted(purpose: str, names: Names = NAMES) -> list[dict[str, Any]]:
    return statements(resource(synthesised(names), "aws_iam_role_policy", purpose))


def everything_granted(names: Names = ALL_THERE_IS) -> Iterator[dict[str, Any]]:
    for policy in resources(synthesised(names), "aws_iam_role_policy").values():
        yield from statements(policy)


def allowing(action: str, names: Names = NAMES) -> dict[str, Any]:
    (only,) = [each for each in everything_granted(names) if action in each["Action"]]
    return only


def test_a_plan_only_reads() -> None:
    for each in everything_granted():
        assert all(action.split(":")[1].startswith(READING) for action in each["Action"])


def test_a_plan_reads_no_content_but_the_state() -> None:
    actions = {action for each in everything_granted() for action in each["Action"]}

    assert not actions & CONTENT
    assert all("tfstate" in arn for arn in allowing("s3:GetObject", ALL_THERE_IS)["Resource"])


def test_the_state_of_each_stack_of_this_service_can_be_read_and_no_other() -> None:
    bucket = "arn:aws:s3:::my-app-tfstate-123456789012-eu-central-1"

    assert granted("read-state") == [
        {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": [bucket]},
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject"],
            "Resource": [f"{bucket}/my-app/*.tfstate"],
        },
    ]


def test_keys_are_those_of_this_service_by_their_aliases() -> None:
    assert allowing("kms:DescribeKey")["Condition"] == {
        "ForAnyValue:StringLike": {"kms:ResourceAliases": ["alias/my-app", "alias/my-app-*"]}
    }


def test_buckets_are_those_of_this_service() -> None:
    assert allowing("s3:GetBucketPolicy")["Resource"] == [
        "arn:aws:s3:::my-app-artifacts-123456789012-eu-central-1",
        "arn:aws:s3:::my-app-*-alb-logs-123456789012-eu-central-1",
    ]


def test_repositories_are_those_of_this_service() -> None:
    assert allowing("ecr:DescribeRepositories")["Resource"] == [
        "arn:aws:ecr:eu-central-1:123456789012:repository/my-app",
        "arn:aws:ecr:eu-central-1:123456789012:repository/my-app-cache",
    ]


def test_roles_are_those_of_this_service() -> None:
    assert "arn:aws:iam::123456789012:role/my-app-*" in allowing("iam:GetRolePolicy")["Resource"]


def test_a_star_stands_only_where_an_action_takes_no_resource() -> None:
    starred = {
        action for each in everything_granted() if "*" in each["Resource"] for action in each["Action"]
    }

    assert {action.split(":")[0] for action in starred} == {
        "acm",
        "autoscaling",
        "cloudwatch",
        "codeconnections",
        "codestar-connections",
        "ec2",
        "elasticloadbalancing",
        "kms",
        "logs",
        "route53",
        "sns",
    }
    assert {action for action in starred if action.startswith(("cloudwatch", "kms", "logs"))} == {
        "cloudwatch:DescribeAlarms",
        "kms:ListAliases",
        "logs:DescribeLogGroups",
    }


def test_zones_and_certificates_are_read_where_an_environment_has_a_domain() -> None:
    with_domain = Names.of(one_environment(domain="my-app.example.com", hosted_zone="example.com"))

    assert "route53:ListResourceRecordSets" in allowing("acm:DescribeCertificate", with_domain)["Action"]


def test_zones_and_certificates_are_not_read_where_none_has() -> None:
    actions = {action for each in everything_granted(NAMES) for action in each["Action"]}

    assert not {action for action in actions if action.startswith(("acm:", "route53:"))}
