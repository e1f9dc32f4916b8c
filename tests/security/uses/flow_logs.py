"""What VPC calls with the role that delivers flow logs."""

from modules.config.names import EnvironmentNames
from tests.security.account import Account
from tests.security.uses.use import LOGS, Use, streams

PAGE = "docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html"


def uses(_account: Account, environment: EnvironmentNames) -> list[Use]:
    """The flow logs' role's, in one environment."""
    group = environment.arn("logs", f"log-group:{environment.log_group('flow-logs')}")
    return [
        Use(
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            streams(group),
            "it writes what was connected to what",
            PAGE,
        ),
        Use(["logs:DescribeLogGroups"], ["*"], "it looks for the log group", PAGE),
        Use(
            ["logs:DescribeLogStreams"],
            [group, f"{group}:log-stream:"],
            "it looks for its stream; AWS uses both forms of a group's ARN",
            f"{LOGS}/iam-access-control-overview-cwl.html",
        ),
    ]
