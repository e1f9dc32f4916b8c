import json
import time
from collections.abc import Iterator

import pytest

from slipway.aws.clients import Aws
from slipway.console import cdk
from tests.slipway.accounts import account
from tests.slipway.commands import at_home, slipway
from tests.slipway.recorded import recorded

GROUPS = [f"/my-app/{env}/{what}" for env in ("staging", "prod") for what in ("app", "agent", "deployments")]


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    at_home(monkeypatch)
    with account() as aws:
        for seconds, group in enumerate([*GROUPS, "/my-app/delivery/build"]):
            aws.logs.create_log_group(logGroupName=group)
            aws.logs.create_log_stream(logGroupName=group, logStreamName="i-1/x")
            event = {"timestamp": (int(time.time()) - 100 + seconds) * 1000, "message": f"from {group}"}
            aws.logs.put_log_events(logGroupName=group, logStreamName="i-1/x", logEvents=[event])  # type: ignore[list-item]
        yield aws


def groups(*arguments: str) -> list[str]:
    answer = slipway("logs", *arguments)
    assert answer.code == 0, answer.words
    return [line.rpartition("from ")[2] for line in answer.data.splitlines()]


def test_the_services_own_logs_of_every_environment_are_shown_unless_said() -> None:
    assert groups() == ["/my-app/staging/app", "/my-app/prod/app"]


def test_an_environment_and_sources_are_chosen() -> None:
    assert groups("--env", "prod", "--source", "deploy", "--source", "agent") == [
        "/my-app/prod/agent",
        "/my-app/prod/deployments",
    ]


def test_builds_are_read_whatever_the_environment() -> None:
    assert groups("--source", "build", "--env", "prod") == ["/my-app/delivery/build"]


def test_json_is_a_document_a_line_on_standard_output_alone() -> None:
    answer = slipway("logs", "--json", "--filter", "staging")
    (line,) = answer.data.splitlines()
    assert json.loads(line)["message"] == "from /my-app/staging/app"
    assert answer.words == ""


def test_nothing_found_is_said_and_no_failure() -> None:
    answer = slipway("logs", "--since", "1s")
    assert (answer.code, answer.data) == (0, "")
    assert "No log lines found. Try --since 1d" in answer.words


def test_an_environment_that_is_not_there_is_exit_code_2() -> None:
    answer = slipway("logs", "--env", "live")
    assert answer.code == 2
    assert "one of: staging, prod" in answer.words


def test_a_host_of_builds_is_exit_code_2() -> None:
    assert slipway("logs", "--source", "build", "--host", "i-1").code == 2


def test_a_time_that_is_none_is_exit_code_2() -> None:
    assert slipway("logs", "--since", "soon").code == 2


def test_a_group_that_does_not_exist_yet_is_one_plain_message(aws: Aws) -> None:
    aws.logs.delete_log_group(logGroupName="/my-app/prod/app")
    answer = slipway("logs", "--env", "prod")
    assert answer.code == 1
    assert answer.words.startswith("error: log group /my-app/prod/app not found\n")


def test_environments_that_are_not_there_yet_are_left_out_and_named(aws: Aws) -> None:
    aws.logs.delete_log_group(logGroupName="/my-app/prod/app")
    answer = slipway("logs")
    assert answer.code == 0
    assert "from /my-app/staging/app" in answer.data
    assert answer.words == "left out: log group /my-app/prod/app not found; my-app-prod is not applied\n"


def test_where_there_is_none_at_all_it_says_which_stack_to_apply(aws: Aws) -> None:
    for group in GROUPS:
        aws.logs.delete_log_group(logGroupName=group)
    answer = slipway("logs")
    assert answer.code == 1
    assert f"next: apply it: {cdk.cdk('deploy', '*')}" in answer.words


def test_reading_logs_changes_nothing() -> None:
    with recorded() as calls:
        slipway("logs", "--source", "app", "--source", "build")
    assert {call.name for call in calls} == {"sts:GetCallerIdentity", "logs:FilterLogEvents"}
