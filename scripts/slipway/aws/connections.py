"""The connection to the repository's provider: its status, and where to complete it in the console."""

from collections.abc import Mapping

from modules.config.names import connections_console
from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError

PENDING = "PENDING"
MISSING = "MISSING"


def status(aws: Aws, arn: str) -> str:
    """A connection's status: PENDING until completed in the console, then AVAILABLE; MISSING if not found."""
    try:
        return aws.codeconnections.get_connection(ConnectionArn=arn)["Connection"].get("ConnectionStatus", "")
    except AwsError as error:
        if error.code == "ResourceNotFoundException":
            return MISSING
        raise


def named(aws: Aws, name: str) -> tuple[str, str] | None:
    """ARN and status of the connection with this name; None if there is none."""
    client, token = aws.codeconnections, ""
    while True:
        answer = client.list_connections(NextToken=token) if token else client.list_connections()
        for connection in answer.get("Connections", ()):
            if connection.get("ConnectionName") == name:
                return connection.get("ConnectionArn", ""), connection.get("ConnectionStatus", "")
        token = answer.get("NextToken", "")
        if not token:
            return None


def make(aws: Aws, name: str, provider: str, tags: Mapping[str, str]) -> None:
    """Create a connection, which is PENDING until it is completed in the console."""
    given = [{"Key": key, "Value": value} for key, value in tags.items()]
    aws.codeconnections.create_connection(
        ConnectionName=name,
        ProviderType=provider,  # type: ignore[arg-type]  # the settings accept AWS's values only
        Tags=given,  # type: ignore[arg-type]  # a TypedDict's keys
    )


def delete(aws: Aws, name: str) -> bool:
    """Delete the connection with this name. Returns whether it existed."""
    found = named(aws, name)
    if found:
        aws.codeconnections.delete_connection(ConnectionArn=found[0])
    return found is not None


def completing(region: str) -> str:
    """How to complete a PENDING connection, with the console's address."""
    return f"in the console, choose it and then Update pending connection: {connections_console(region)}"
