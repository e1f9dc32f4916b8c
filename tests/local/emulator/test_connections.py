"""Gap: connections to whoever hosts the repository, under both names of the service."""

import pytest
from botocore.exceptions import ClientError

from local.emulator.handshakes import complete_handshakes
from tests.local.emulator.clients import ACCOUNT, REGION, Clients

both_names = pytest.mark.parametrize("service", ["codestar-connections", "codeconnections"])


def make_connection(aws: Clients, service: str) -> str:
    made = aws.untyped(service).create_connection(
        ConnectionName="my-app", ProviderType="GitHub", Tags=[{"Key": "service", "Value": "my-app"}]
    )
    return str(made["ConnectionArn"])


@both_names
def test_a_connection_waits_for_its_handshake(beyond_moto: Clients, service: str) -> None:
    arn = make_connection(beyond_moto, service)
    assert arn.startswith(f"arn:aws:{service}:{REGION}:{ACCOUNT}:connection/")
    found = beyond_moto.untyped(service).get_connection(ConnectionArn=arn)["Connection"]
    assert found == {
        "ConnectionName": "my-app",
        "ConnectionArn": arn,
        "ProviderType": "GitHub",
        "OwnerAccountId": ACCOUNT,
        "ConnectionStatus": "PENDING",
    }


@both_names
def test_a_connections_tags_come_and_go(beyond_moto: Clients, service: str) -> None:
    client = beyond_moto.untyped(service)
    arn = make_connection(beyond_moto, service)
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "more", "Value": "tags"}])
    client.untag_resource(ResourceArn=arn, TagKeys=["service"])
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "more", "Value": "tags"}]


def test_connections_are_listed(beyond_moto: Clients) -> None:
    arn = make_connection(beyond_moto, "codeconnections")
    listed = beyond_moto.untyped("codeconnections").list_connections()["Connections"]
    assert arn in [each["ConnectionArn"] for each in listed]


@both_names
def test_a_deleted_connection_is_gone(beyond_moto: Clients, service: str) -> None:
    arn = make_connection(beyond_moto, service)
    beyond_moto.untyped(service).delete_connection(ConnectionArn=arn)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        beyond_moto.untyped(service).get_connection(ConnectionArn=arn)


@both_names
def test_a_person_can_complete_the_handshake_of_one_connection(aws: Clients, service: str) -> None:
    meant, other = make_connection(aws, service), make_connection(aws, service)
    assert complete_handshakes(aws.endpoint, connection_arn=meant) == [meant]
    states = {
        arn: aws.untyped(service).get_connection(ConnectionArn=arn)["Connection"]["ConnectionStatus"]
        for arn in (meant, other)
    }
    assert states == {meant: "AVAILABLE", other: "PENDING"}


def test_every_handshake_that_waits_can_be_completed_at_once(aws: Clients) -> None:
    made = {make_connection(aws, "codeconnections") for _ in range(2)}
    assert made <= set(complete_handshakes(aws.endpoint))
    assert complete_handshakes(aws.endpoint) == []
