from functools import cache

from constructs_lib.flow_logs import FlowLogs
from constructs_lib.testing import (
    Testing,
    assert_has_resource_with_properties,
    resource,
    resources,
    statements,
)

from tests.constructs_lib.building import ACCOUNT, REGION, log_group


@cache
def synthesise() -> str:
    return Testing.synth_scope(
        lambda stack: FlowLogs(
            stack,
            "flow-logs",
            vpc_id="vpc-1",
            log_group=log_group(stack),
            role_name="my-app-flow-logs",
        )
    )


def test_all_traffic_is_recorded_accepted_or_not() -> None:
    assert_has_resource_with_properties(
        synthesise(), "aws_flow_log", {"traffic_type": "ALL", "vpc_id": "vpc-1"}
    )


def test_only_flow_logs_of_this_account_and_region_may_use_their_role() -> None:
    (trust,) = statements(resource(synthesise(), "aws_iam_role")["assume_role_policy"])

    assert trust["Principal"] == {"Service": ["vpc-flow-logs.amazonaws.com"]}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc-flow-log/*"},
    }


def test_the_role_writes_to_one_log_group_and_creates_none() -> None:
    for statement in statements(resource(synthesise(), "aws_iam_role_policy", "write-flow-logs")):
        assert all("aws_cloudwatch_log_group.log_group" in arn for arn in statement["Resource"])
        assert "logs:CreateLogGroup" not in statement["Action"]


def test_the_role_lists_log_groups_which_takes_no_resource() -> None:
    (only,) = statements(resource(synthesise(), "aws_iam_role_policy", "find-log-group"))

    assert only["Action"] == ["logs:DescribeLogGroups"]
    assert only["Resource"] == ["*"]


def test_recording_starts_only_when_the_role_may_write() -> None:
    synthesised = synthesise()

    policies = [f"aws_iam_role_policy.{each}" for each in resources(synthesised, "aws_iam_role_policy")]
    assert sorted(resource(synthesised, "aws_flow_log")["depends_on"]) == sorted(policies)
