"""What AWS refuses is one plain message with what to do and exit code 1, whichever command asked."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, EndpointConnectionError

from slipway.console import cdk
from tests.settings import demo
from tests.slipway.commands import Answer, at_home, slipway
from tests.slipway.status.world import World, world

COMMANDS = (
    "status",
    "releases",
    "rollback --env staging --yes",
    "deploy --env staging --to abc1234 --yes",
    "resume --env staging --yes",
    "watch",
    "watch d-ABCDEFGHI",
    "logs",
    "approve --env prod --yes",
    "reject --env prod --yes",
    "config list --env prod",
    "config get LOG_LEVEL --env prod",
    "config set LOG_LEVEL debug --env prod",
    "config delete LOG_LEVEL --env prod --yes",
)
DEPLOY = cdk.cdk("deploy", "*")
UNAPPLIED = {
    "status": "! staging: its stack is not applied yet",
    "releases": f"next: apply my-app-foundation and the other stacks: {cdk.cdk('deploy')}",
    "rollback --env staging --yes": f"next: apply its stack: {DEPLOY}",
    "deploy --env staging --to abc1234 --yes": f"next: apply its stack: {DEPLOY}",
    "resume --env staging --yes": f"next: apply my-app-delivery: {DEPLOY}",
    "watch": "error: no deployment found",
    "watch d-ABCDEFGHI": "error: deployment d-ABCDEFGHI not found",
    "logs": f"next: apply it: {DEPLOY}",
    "approve --env prod --yes": f"next: apply my-app-delivery: {DEPLOY}",
    "reject --env prod --yes": f"next: apply my-app-delivery: {DEPLOY}",
    "config list --env prod": "no parameters below /my-app/prod",
    "config get LOG_LEVEL --env prod": "error: prod has no variable LOG_LEVEL",
    "config delete LOG_LEVEL --env prod --yes": "error: prod has no variable LOG_LEVEL",
}
"""What each says where no stack was ever applied. Variables may be set before there is anything else."""
FINE = {"status", "config list --env prod"}

every_command = pytest.mark.parametrize("command", COMMANDS)


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The committed settings' account, with nothing in it."""
    at_home(monkeypatch)
    with world(demo()) as made:
        yield made


@contextmanager
def refusing(refuse: Callable[[str, str], Exception | None]) -> Iterator[None]:
    """AWS refuses calls, by service and operation."""
    send: Callable[..., Any] = vars(BaseClient)["_make_api_call"]

    def call(client: BaseClient, operation: str, parameters: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any answer
        refused = refuse(client.meta.service_model.service_name, operation)
        if refused:
            raise refused
        return send(client, operation, parameters)

    with patch.object(BaseClient, "_make_api_call", call):
        yield


def refusal(code: str, message: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


def is_one_message(answer: Answer, what: str, then: str) -> None:
    assert answer.code == 1
    assert answer.data == ""
    assert answer.words.startswith(f"error: {what}")
    assert answer.words.count("error: ") == 1
    assert f"next: {then}" in answer.words


@every_command
def test_without_credentials_it_says_how_to_sign_in(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    is_one_message(slipway(*command.split()), "no AWS credentials found", "sign in")


@every_command
def test_an_expired_token_is_said_to_have_expired(command: str) -> None:
    with refusing(lambda _, operation: refusal("ExpiredToken", "The token has expired", operation)):
        answer = slipway(*command.split())
    is_one_message(answer, "the AWS credentials have expired", "sign in")


@every_command
def test_a_denied_action_is_named_and_nothing_else_is_said(command: str) -> None:
    denied: list[str] = []

    def deny(service: str, operation: str) -> ClientError | None:
        if service == "sts":
            return None
        denied.append(f"{service}:{operation}")
        return refusal(
            "AccessDeniedException",
            f"User: arn:aws:iam::1:user/ana is not authorized to perform: {service}:{operation} on: x",
            operation,
        )

    with refusing(deny):
        answer = slipway(*command.split())
    is_one_message(
        answer, f"these AWS credentials have no permission for {denied[0]}", "use other credentials"
    )


@every_command
def test_a_region_that_cannot_be_reached_is_not_taken_for_anything_else(command: str) -> None:
    with refusing(lambda *_: EndpointConnectionError(endpoint_url="https://sts.eu-north-1.amazonaws.com/")):
        answer = slipway(*command.split())
    is_one_message(answer, "AWS cannot be reached", "check the network, the region in pipeline.toml")


@pytest.mark.parametrize("command", UNAPPLIED)
def test_before_any_stack_is_applied_it_says_so(command: str) -> None:
    answer = slipway(*command.split())
    assert answer.code == (0 if command in FINE else 1)
    assert UNAPPLIED[command] in answer.data + answer.words
