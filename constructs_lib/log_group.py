"""A CloudWatch log group with encryption and a retention, created before anything writes to it."""

from constructs_lib.key import KnownKey
from constructs_lib.policy import Statement
from constructs_lib.role import Role

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from constructs import Construct


class LogGroup(Construct):
    """A log group whose writers need no permission to create it.

    A log group that a service creates by itself never expires, does not use our key, and makes
    Terraform's creation fail. So the group is created first, and ``grant_write`` does not allow
    ``logs:CreateLogGroup``.

    name: 1 to 512 characters, ``/`` between its parts.
    key: encrypts the group; the key's policy must let CloudWatch Logs use it (``key.logs_use``).
    retention_days: retention in days; one of the values that CloudWatch accepts. Default: 30.

    >>> from constructs_lib.key import Key, logs_use
    >>> key = Key(stack, "key", description="Logs.", alias="alias/logs",
    ...     services=[logs_use(stack.place)])
    >>> log_group = LogGroup(stack, "app-log", name="/my-app/staging/app", key=key)
    """

    def __init__(
        self, scope: Construct, id: str, *, name: str, key: KnownKey, retention_days: int = 30
    ) -> None:
        super().__init__(scope, id)
        self.name = name
        self.resource = CloudwatchLogGroup(
            self, "group", name=name, kms_key_id=key.arn, retention_in_days=retention_days
        )
        self.arn = self.resource.arn

    def grant_write(self, role: Role, purpose: str, *, finds_streams: bool = False) -> None:
        """Let a role create streams in this group and write to them.

        role: the role.
        purpose: the name of the inline policy: letters, digits and hyphens, unique in the role.
        finds_streams: whether it may also list the streams, as AWS's agents do. Default: no. IAM checks
            that action on either form of a group's ARN
            (docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html).
        """
        streams = f"{self.arn}:*"
        write = Statement(actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[streams])
        find = Statement(actions=["logs:DescribeLogStreams"], resources=[self.arn, streams])
        role.allow(purpose, write, *([find] if finds_streams else []))
