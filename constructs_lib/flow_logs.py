"""VPC flow logs: every connection in a network, accepted or rejected, recorded in a log group."""

from constructs_lib.log_group import LogGroup
from constructs_lib.place import place_of
from constructs_lib.policy import Statement, assumed_by
from constructs_lib.role import Role

from cdktf_cdktf_provider_aws.flow_log import FlowLog
from constructs import Construct


class FlowLogs(Construct):
    """The flow logs of one VPC, aggregated over ten minutes, with the role that delivers them.

    Only flow logs of this account can use the role, which protects against confused deputies
    (docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html). The role may write to this log
    group only, and list log groups; AWS's example may also create groups and write to all of them.

    vpc_id: the VPC whose connections are recorded.
    log_group: receives the records.
    role_name: the name of the role that delivers the records; at most 64 characters.

    >>> key = Key(stack, "key", description="Logs.", alias="alias/logs")
    >>> flow_logs = FlowLogs(stack, "flow-logs", vpc_id="vpc-1", role_name="my-app-flow-logs",
    ...     log_group=LogGroup(stack, "log", name="/my-app/flow-logs", key=key))
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc_id: str,
        log_group: LogGroup,
        role_name: str,
    ) -> None:
        super().__init__(scope, id)
        self.place = place_of(scope)
        self.role = Role(
            self,
            "role",
            name=role_name,
            description="Delivers the flow logs of a network to their log group.",
            trust=assumed_by(
                "vpc-flow-logs.amazonaws.com",
                {
                    "StringEquals": {"aws:SourceAccount": self.place.account},
                    "ArnLike": {"aws:SourceArn": self.place.arn("ec2", "vpc-flow-log/*")},
                },
            ),
        )
        log_group.grant_write(self.role, "write-flow-logs", finds_streams=True)
        self.role.allow(
            "find-log-group",
            Statement(
                actions=["logs:DescribeLogGroups"],
                resources=["*"],
                reason="a list action without resource-level permissions",
            ),
        )
        self.resource = FlowLog(
            self,
            "flow-log",
            vpc_id=vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=log_group.arn,
            iam_role_arn=self.role.arn,
            depends_on=self.role.grants,
        )
