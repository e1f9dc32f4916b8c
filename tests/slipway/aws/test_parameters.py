from collections.abc import Iterator

import pytest
from botocore.stub import Stubber

from modules.config.names import Names
from slipway.aws.clients import Aws
from slipway.aws.parameters import Parameters
from slipway.aws.requests import Request
from slipway.console.errors import SlipwayError
from slipway.parameters.document import VariableState
from slipway.parameters.rules import problem
from slipway.parameters.table import lines
from tests.settings import minimal
from tests.slipway.accounts import account
from tests.slipway.recorded import recorded


@pytest.fixture
def aws() -> Iterator[Aws]:
    with account() as aws:
        yield aws


@pytest.fixture
def store(aws: Aws) -> Parameters:
    aws.ssm.put_parameter(Name="/my-app/staging/LOG_LEVEL", Value="debug", Type="String")
    aws.ssm.put_parameter(Name="/my-app/staging/DATABASE_URL", Value="hunter2", Type="SecureString")
    aws.ssm.put_parameter(Name="/my-app/prod/LOG_LEVEL", Value="error", Type="String")
    (staging,) = Names.of(minimal()).environments
    return Parameters(aws, staging)


def test_every_variable_of_the_environment_is_listed_by_name_and_no_others(store: Parameters) -> None:
    assert [(each.name, each.value) for each in store.all(reveal=True)] == [
        ("DATABASE_URL", "hunter2"),
        ("LOG_LEVEL", "debug"),
    ]


def test_secrets_are_not_even_decrypted_unless_they_are_revealed(store: Parameters) -> None:
    with recorded() as calls:
        listed = store.all(reveal=False)
        one = store.one("DATABASE_URL", reveal=False)
    assert one
    assert [each.value for each in (*listed, one)] == [None, "debug", None]
    assert [call.parameters["WithDecryption"] for call in calls] == [False, False]


def test_every_page_is_read(store: Parameters) -> None:
    for number in range(25):
        store.aws.ssm.put_parameter(Name=store.path(f"N{number:02}"), Value="x", Type="String")
    with recorded() as calls:
        assert len(store.all(reveal=False)) == 27
    assert len(calls) > 1


def test_a_variable_that_is_not_there_is_none(store: Parameters) -> None:
    assert store.one("MISSING", reveal=False) is None


def test_what_the_next_deployment_would_refuse_is_named(store: Parameters) -> None:
    for name, value in {"log-level": "x", "deep/er": "x", "PORT": "80", "LINES": "a\nb"}.items():
        store.aws.ssm.put_parameter(Name=store.path(name), Value=value, Type="String")
    problems = {each.name: problem(each) for each in store.all(reveal=False) if problem(each)}
    assert sorted(problems) == ["LINES", "PORT", "deep/er", "log-level"]


def test_a_new_plain_value_overwrites_nothing(store: Parameters) -> None:
    assert store.put_request("LOG_LEVEL", "info", secret=False, new=True) == Request(
        service="ssm",
        operation="PutParameter",
        parameters={
            "Name": "/my-app/staging/LOG_LEVEL",
            "Value": "info",
            "Type": "String",
            "Overwrite": False,
            "Tier": "Standard",
        },
    )


def test_a_secret_is_encrypted_with_the_environments_key(store: Parameters) -> None:
    assert store.put_request("DATABASE_URL", "hunter2", secret=True, new=False) == Request(
        service="ssm",
        operation="PutParameter",
        parameters={
            "Name": "/my-app/staging/DATABASE_URL",
            "Value": "hunter2",
            "Type": "SecureString",
            "Overwrite": True,
            "Tier": "Standard",
            "KeyId": "alias/my-app-staging",
        },
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("InvalidKeyId", "the key alias/my-app-staging cannot be used\n.*\n  next: apply my-app-staging"),
        ("ParameterAlreadyExists", "/my-app/staging/TOKEN was set in the meantime; nothing was changed\n"),
    ],
)
def test_a_refusal_that_can_be_foreseen_says_what_to_do(store: Parameters, code: str, said: str) -> None:
    request = store.put_request("TOKEN", "x", secret=True, new=True)
    with Stubber(store.aws.ssm) as stub:
        stub.add_client_error("put_parameter", code, "no such key")
        with pytest.raises(SlipwayError, match=said):
            store.put(request)


def test_a_table_has_a_line_for_each_variable_and_no_secret(store: Parameters) -> None:
    store.aws.ssm.put_parameter(Name=store.path("RED"), Value="\x1b[31m", Type="String")
    heads, secret, plain, red = lines(store.all(reveal=False))
    assert heads.split() == ["NAME", "TYPE", "VERSION", "CHANGED", "VALUE"]
    assert secret.split()[:3] == ["DATABASE_URL", "SecureString", "1"]
    assert secret.endswith("  (secret)")
    assert plain.endswith("  debug")
    assert red.endswith(r"  \x1b[31m")


def test_json_has_null_for_a_secret_that_is_not_revealed(store: Parameters) -> None:
    secret, plain = map(VariableState.of, store.all(reveal=False))
    assert (secret.secret, secret.value) == (True, None)
    assert (plain.secret, plain.value, plain.problem) == (False, "debug", None)
