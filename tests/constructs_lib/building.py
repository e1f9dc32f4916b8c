"""What several tests of constructs need around the construct that they test."""

from constructs_lib.key import Key
from constructs_lib.log_group import LogGroup
from constructs_lib.network import Network

from cdktf import TerraformStack

ACCOUNT = "123456789012"
REGION = "eu-central-1"


def log_group(stack: TerraformStack) -> LogGroup:
    key = Key(stack, "key", description="Logs.", alias="alias/logs")
    return LogGroup(stack, "log", name="/my-app/flow-logs", key=key)


def network(stack: TerraformStack) -> Network:
    """A network over two zones."""
    return Network(
        stack,
        "network",
        name="my-app",
        cidr="10.20.0.0/16",
        zones=2,
        nat="single",
        log_group=log_group(stack),
        flow_log_role_name="my-app-flow-logs",
    )
