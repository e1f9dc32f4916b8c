"""The connection to whoever hosts the repository: its status, and the page on which a person completes it."""

from collections.abc import Mapping

from modules.config.names import connections_console
from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError

PENDING = "PENDING"
MISSING = "MISSING"


def status(aws: Aws, arn: str) -> str:
    """PENDING until a person has completed it, then AVAILABLE; MISSING if there is none of that ARN."""
    try:
        return aws.codeconnections.get_connection(ConnectionArn=arn)["Connection"].get("ConnectionStatus", "")
    except AwsError as error:
        if error.code == "ResourceNotFoundException":
            return MISSING
        raise


def named(aws: Aws, name: str) -> tuple[str, str] | None:
    """ARN and status of the connection of a name, if there is one."""
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
    """Make a connection, which is PENDING until a person has completed it."""
    given = [{"Key": key, "Value": value} for key, value in tags.items()]
    aws.codeconnections.create_connection(
        ConnectionName=name,
        ProviderType=provider,  # type: ignore[arg-type]  # the settings take what AWS does
        Tags=given,  # type: ignore[arg-type]  # a TypedDict's keys
    )


def delete(aws: Aws, name: str) -> bool:
    """Delete the connection of a name; whether there was one."""
    found = named(aws, name)
    if found:
        aws.codeconnections.delete_connection(ConnectionArn=found[0])
    return found is not None


def completing(region: str) -> str:
    """What a person does about a PENDING connection."""
    return f"choose it there, then Update pending connection: {connections_console(region)}"
