import getpass
import io
import json
import sys
from collections.abc import Iterator

import pytest

from slipway.aws.clients import Aws
from slipway.cli import config
from slipway.console.errors import SlipwayError, UsageError
from tests.slipway.accounts import account
from tests.slipway.commands import at_home, slipway
from tests.slipway.recorded import recorded

SECRET, PLAIN = "/my-app/staging/DATABASE_URL", "/my-app/staging/LOG_LEVEL"


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    at_home(monkeypatch)
    with account() as aws:
        yield aws


@pytest.fixture
def filled(aws: Aws) -> Aws:
    aws.ssm.put_parameter(Name=SECRET, Value="hunter2", Type="SecureString")
    aws.ssm.put_parameter(Name=PLAIN, Value="debug", Type="String")
    return aws


def on_terminal(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    """Somebody sits there and types."""

    class Terminal:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return f"{typed}\n"

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda prompt, stream: (stream.write(prompt), typed)[1])


def stored(aws: Aws, name: str) -> tuple[str, str]:
    found = aws.ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]
    return found["Type"], found["Value"]


def test_a_list_shows_plain_values_and_no_secret(filled: Aws) -> None:
    answer = slipway("config", "list", "--env", "staging")
    assert answer.code == 0
    assert "debug" in answer.data
    assert "hunter2" not in answer.data + answer.words


def test_a_list_reveals_secrets_where_that_is_asked_for(filled: Aws) -> None:
    assert "hunter2" in slipway("config", "list", "--env", "staging", "--reveal").data


def test_a_list_in_json_is_one_document(filled: Aws) -> None:
    first, second = json.loads(slipway("config", "list", "--env", "staging", "--json").data)
    assert (first["name"], first["value"]) == ("DATABASE_URL", None)
    assert (second["name"], second["value"]) == ("LOG_LEVEL", "debug")


def test_a_list_warns_of_what_would_stop_the_next_deployment(filled: Aws) -> None:
    filled.ssm.put_parameter(Name="/my-app/staging/log-level", Value="x", Type="String")
    words = slipway("config", "list", "--env", "staging").words
    assert "warning: log-level stops the next deployment: it is not a valid variable name" in words


def test_an_empty_list_says_so_and_is_still_json() -> None:
    assert "no parameters below /my-app/staging" in slipway("config", "list", "--env", "staging").words
    assert json.loads(slipway("config", "list", "--env", "staging", "--json").data) == []


def test_a_plain_value_is_printed_as_it_is(filled: Aws) -> None:
    assert slipway("config", "get", "LOG_LEVEL", "--env", "staging").data == "debug\n"


def test_a_secret_is_printed_only_with_reveal(filled: Aws) -> None:
    answer = slipway("config", "get", "DATABASE_URL", "--env", "staging")
    assert (answer.code, answer.data) == (1, "")
    assert "add --reveal to show it" in answer.words
    assert slipway("config", "get", "DATABASE_URL", "--env", "staging", "--reveal").data == "hunter2\n"


def test_a_variable_in_json_hides_a_secret_too(filled: Aws) -> None:
    answer = slipway("config", "get", "DATABASE_URL", "--env", "staging", "--json")
    assert json.loads(answer.data)["value"] is None


def test_a_variable_that_is_not_there_is_exit_code_1() -> None:
    answer = slipway("config", "get", "MISSING", "--env", "staging")
    assert answer.code == 1
    assert "lists the variables" in answer.words


def test_which_environment_has_to_be_said() -> None:
    answer = slipway("config", "list")
    assert answer.code == 2
    assert "no environment is given" in answer.words


def test_a_value_in_the_command_line_is_a_plain_one(aws: Aws) -> None:
    answer = slipway("config", "set", "LOG_LEVEL", "info", "--env", "staging")
    assert answer.code == 0
    assert stored(aws, PLAIN) == ("String", "info")


@pytest.mark.parametrize("value", ["-Xmx512m -Xms256m", "-1", "--verbose", "-"])
def test_a_value_may_begin_with_a_hyphen(aws: Aws, value: str) -> None:
    assert slipway("config", "set", "JAVA_OPTS", value, "--env", "staging").code == 0
    assert stored(aws, PLAIN.replace("LOG_LEVEL", "JAVA_OPTS")) == ("String", value)


def test_a_value_that_is_an_option_stands_behind_two_hyphens(aws: Aws) -> None:
    assert slipway("config", "set", "--env", "staging", "--", "FLAG", "--json").code == 0
    assert stored(aws, PLAIN.replace("LOG_LEVEL", "FLAG")) == ("String", "--json")


@pytest.mark.parametrize("option", ["--json", "--dry-run"])
@pytest.mark.parametrize("more", [("--env", "staging"), ()])
def test_an_option_where_a_value_may_be_meant_is_refused_with_both_ways_to_say_it(
    aws: Aws, option: str, more: tuple[str, ...]
) -> None:
    answer = slipway("config", "set", "FLAG", option, *more, stdin="not meant")
    assert answer.code == 2
    assert answer.words == (
        f"error: {option} may be an option or the value of FLAG\n"
        f"  next: to store it: slipway config set --env NAME -- FLAG {option}\n"
        f"        to set a secret: slipway config set {option} FLAG --env NAME\n"
    )


def test_two_hyphens_without_a_value_after_them_are_refused() -> None:
    answer = slipway("config", "set", "--env", "staging", "FLAG", "--", stdin="not meant")
    assert answer.code == 2
    assert "to store it: slipway config set --env NAME -- FLAG --" in answer.words


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json", "FLAG", "--env", "staging"),
        ("FLAG", "--env", "staging", "--json"),
        ("--env", "staging", "--json", "FLAG"),
        ("FLAG", "on", "--json", "--env", "staging"),
        ("FLAG", "--env", "staging", "on", "--json"),
    ],
)
def test_an_option_that_nobody_takes_for_a_value_is_one(arguments: tuple[str, ...]) -> None:
    answer = slipway("config", "set", *arguments, stdin="meant")
    assert answer.code == 0, answer.words
    assert json.loads(answer.data)["name"] == "FLAG"


def test_two_hyphens_can_be_a_value(aws: Aws) -> None:
    assert slipway("config", "set", "--env", "staging", "--", "FLAG", "--").code == 0
    assert stored(aws, PLAIN.replace("LOG_LEVEL", "FLAG")) == ("String", "--")


def test_a_byte_order_mark_is_no_part_of_a_plain_value(aws: Aws) -> None:
    slipway("config", "set", "LOG_LEVEL", "\ufeffinfo", "--env", "staging")
    assert stored(aws, PLAIN) == ("String", "info")


def test_a_byte_order_mark_alone_is_an_empty_value() -> None:
    answer = slipway("config", "set", "DATABASE_URL", "--env", "staging", stdin="\ufeff\r\n")
    assert answer.code == 2
    assert "the value is empty" in answer.words


def test_a_byte_order_mark_is_no_part_of_a_secret(aws: Aws) -> None:
    slipway("config", "set", "DATABASE_URL", "--env", "staging", stdin="\ufeffhunter5\r\n")
    assert stored(aws, SECRET) == ("SecureString", "hunter5")


def test_after_a_change_is_said_when_it_is_used() -> None:
    words = slipway("config", "set", "LOG_LEVEL", "info", "--env", "staging").words
    assert "set LOG_LEVEL in staging: String, version 1" in words
    assert "The next deployment uses this" in words
    assert "slipway deploy --env staging --to COMMIT" in words


def test_a_secret_is_read_from_standard_input_without_its_last_line_break(aws: Aws) -> None:
    answer = slipway("config", "set", "DATABASE_URL", "--env", "staging", stdin="hunter3\r\n")
    assert stored(aws, SECRET) == ("SecureString", "hunter3")
    assert "hunter3" not in answer.data + answer.words


def test_a_secret_is_asked_for_without_echo(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    on_terminal(monkeypatch, "hunter4")
    config.set_one("DATABASE_URL", None, env="staging", dry_run=False, json=False)
    assert stored(aws, SECRET) == ("SecureString", "hunter4")


def test_a_secret_is_encrypted_with_the_environments_key() -> None:
    with recorded() as calls:
        slipway("config", "set", "DATABASE_URL", "--env", "staging", stdin="x")
    (put,) = [call.parameters for call in calls if call.changes]
    assert (put["KeyId"], put["Overwrite"]) == ("alias/my-app-staging", False)


def test_a_value_is_replaced_in_its_own_type(filled: Aws) -> None:
    slipway("config", "set", "LOG_LEVEL", "info", "--env", "staging")
    slipway("config", "set", "DATABASE_URL", "--env", "staging", stdin="hunter3")
    assert stored(filled, PLAIN) == ("String", "info")
    assert stored(filled, SECRET) == ("SecureString", "hunter3")


def test_a_secret_is_not_replaced_from_the_command_line(filled: Aws) -> None:
    answer = slipway("config", "set", "DATABASE_URL", "oops", "--env", "staging")
    assert answer.code == 2
    assert "leave the value out" in answer.words
    assert stored(filled, SECRET) == ("SecureString", "hunter2")


def test_a_plain_value_does_not_become_a_secret_by_itself(filled: Aws) -> None:
    answer = slipway("config", "set", "LOG_LEVEL", "--env", "staging", stdin="x")
    assert answer.code == 2
    assert "the type of a parameter cannot be changed" in answer.words


@pytest.mark.parametrize("name", ["log-level", "PORT", "a/b", "1ST"])
def test_a_name_that_would_stop_a_deployment_is_refused_before_aws_is_asked(name: str) -> None:
    with recorded() as calls:
        answer = slipway("config", "set", name, "x", "--env", "staging")
    assert (answer.code, calls) == (2, [])


@pytest.mark.parametrize("secret", ["two\nlines\n", "", "x" * 4097])
def test_a_secret_that_no_container_could_have_is_refused_without_showing_it(secret: str) -> None:
    with recorded() as calls:
        answer = slipway("config", "set", "DATABASE_URL", "--env", "staging", stdin=secret)
    assert answer.code == 2
    assert not [call for call in calls if call.changes]
    assert "lines" not in answer.words
    assert "xxx" not in answer.words


def test_bytes_that_are_no_text_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Input:
        buffer = io.BytesIO(b"\xff")

        def isatty(self) -> bool:
            return False

    monkeypatch.setattr(sys, "stdin", Input())
    with pytest.raises(UsageError, match="not valid UTF-8"):
        config.set_one("DATABASE_URL", None, env="staging", dry_run=False, json=False)


def test_a_dry_run_of_set_says_what_would_be_called_but_for_the_secret_and_changes_nothing() -> None:
    with recorded() as calls:
        answer = slipway("config", "set", "DATABASE_URL", "--env", "staging", "--dry-run", stdin="hunter3")
    assert not [each for each in calls if each.changes]
    call = json.loads(answer.data)
    assert (call["service"], call["operation"]) == ("ssm", "PutParameter")
    assert call["parameters"] == {
        "Name": SECRET,
        "Value": "(secret)",
        "Type": "SecureString",
        "Overwrite": False,
        "Tier": "Standard",
        "KeyId": "alias/my-app-staging",
    }


def test_a_dry_run_of_delete_changes_nothing(filled: Aws) -> None:
    with recorded() as calls:
        answer = slipway("config", "delete", "LOG_LEVEL", "--env", "staging", "--dry-run")
    assert not [call for call in calls if call.changes]
    assert json.loads(answer.data) == {
        "service": "ssm",
        "operation": "DeleteParameter",
        "parameters": {"Name": PLAIN},
        "condition": "always",
    }


def test_a_variable_is_deleted_where_that_is_agreed_to(filled: Aws) -> None:
    assert slipway("config", "delete", "LOG_LEVEL", "--env", "staging", "--yes").code == 0
    assert slipway("config", "get", "LOG_LEVEL", "--env", "staging").code == 1


def test_a_yes_at_the_terminal_deletes(filled: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    on_terminal(monkeypatch, "y")
    config.delete("LOG_LEVEL", env="staging", yes=False, dry_run=False, json=False)
    assert slipway("config", "get", "LOG_LEVEL", "--env", "staging").code == 1


def test_anything_but_a_yes_deletes_nothing(filled: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    on_terminal(monkeypatch, "")
    with pytest.raises(SlipwayError, match="Nothing was changed"):
        config.delete("LOG_LEVEL", env="staging", yes=False, dry_run=False, json=False)
    assert stored(filled, PLAIN) == ("String", "debug")


def test_nobody_at_the_terminal_is_no_agreement(filled: Aws) -> None:
    answer = slipway("config", "delete", "LOG_LEVEL", "--env", "staging")
    assert answer.code == 2
    assert "--yes" in answer.words
    assert stored(filled, PLAIN) == ("String", "debug")


def test_what_is_not_there_cannot_be_deleted() -> None:
    assert slipway("config", "delete", "MISSING", "--env", "staging", "--yes").code == 1


def test_what_was_set_and_deleted_is_one_document_without_the_value() -> None:
    answer = slipway("config", "set", "DATABASE_URL", "--env", "staging", "--json", stdin="hunter3")
    assert json.loads(answer.data) == {
        "name": "DATABASE_URL",
        "environment": "staging",
        "type": "SecureString",
        "version": 1,
    }
    answer = slipway("config", "delete", "DATABASE_URL", "--env", "staging", "--yes", "--json")
    assert json.loads(answer.data) == {"name": "DATABASE_URL", "environment": "staging", "deleted": True}
