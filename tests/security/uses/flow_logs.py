"""Calls of VPC with the role that delivers flow logs."""

from modules.config.names import EnvironmentNames
from tests.security.account import Account
from tests.security.uses.use import LOGS, Use, streams

PAGE = "docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html"


def uses(_account: Account, environment: EnvironmentNames) -> list[Use]:
    """Calls of the flow log role of one environment."""
    group = environment.arn("logs", f"log-group:{environment.log_group('flow-logs')}")
    return [
        Use(
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            streams(group),
            "VPC writes the flow logs",
            PAGE,
        ),
        Use(["logs:DescribeLogGroups"], ["*"], "VPC finds the log group", PAGE),
        Use(
            ["logs:DescribeLogStreams"],
            [group, f"{group}:log-stream:"],
            "VPC finds its log stream; AWS uses both forms of a log group's ARN",
            f"{LOGS}/iam-access-control-overview-cwl.html",
        ),
    ]
