"""``slipway status`` and ``slipway releases``, as they are typed: what is printed where, and how they end."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from botocore.stub import Stubber
from jsonschema import validate

from slipway.cli import status as status_command
from slipway.console.errors import SlipwayError
from slipway.releases.document import Releases
from slipway.status.model import Status
from slipway.status.survey import Survey
from tests.settings import demo
from tests.slipway.commands import ROOT, at_home, slipway
from tests.slipway.recorded import recorded, repeated
from tests.slipway.status.world import World, commit, world

HOUR = timedelta(hours=1)
SCHEMAS = ROOT / "docs" / "schemas"


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The committed settings' account, with nothing in it."""
    at_home(monkeypatch)
    with world(demo()) as made:
        yield made


@pytest.fixture
def here(empty: World) -> World:
    """Staging is applied and released to, prod is not applied yet."""
    empty.apply_foundation()
    hosts = empty.apply_environment("staging", hosts=2)
    for hours, name in ((3, "a"), (2, "b")):
        empty.keep(name)
        empty.push(name)
        empty.deploy(name, hosts=hosts, ago=hours * HOUR)
    return empty


def test_status_shows_every_environment_and_changes_nothing(here: World) -> None:
    with recorded() as calls:
        answer = slipway("status")
    assert answer.code == 0, answer.words
    by_name = {line.split()[0]: line.split() for line in answer.data.splitlines() if line.strip()}
    assert by_name["prod"] == ["prod", "-", "not", "applied", "-"]
    for host in here.hosts("staging"):
        assert by_name[host][1:3] == ["1a", commit("b")[:12]]
    assert not [call.name for call in calls if call.changes]


@pytest.mark.parametrize("command", ["status", "releases", "watch"])
def test_nothing_is_read_twice(here: World, command: str) -> None:
    with recorded() as calls:
        assert slipway(command).code == 0
    assert repeated(calls) == []
    assert Counter(call.name for call in calls)["sts:GetCallerIdentity"] == 1
    assert Counter(call.name for call in calls)["codedeploy:BatchGetDeploymentGroups"] == 1


def test_plain_output_is_neither_cut_nor_filled_nor_coloured(here: World) -> None:
    here.alarm("latency", state="ALARM", ActionsEnabled=False)
    answer = slipway("status")
    assert "! staging: the alarm my-app-staging-latency has no enabled actions" in answer.data
    assert not [line for line in answer.data.splitlines() if line != line.rstrip()]
    assert "\x1b" not in answer.data


def test_status_of_one_environment_shows_that_one(here: World) -> None:
    found = Status.model_validate_json(slipway("status", "--env", "staging", "--json").data)
    assert [environment.name for environment in found.environments] == ["staging"]


def test_an_environment_that_is_not_in_the_settings_is_wrong_usage() -> None:
    answer = slipway("status", "--env", "live")
    assert answer.code == 2
    assert 'pipeline.toml has no environment "live"' in answer.words


def test_watching_and_json_are_for_different_readers() -> None:
    assert slipway("status", "--watch", "--json").code == 2


def test_an_action_that_is_denied_is_one_line_and_what_to_do(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(survey: Survey) -> Status:
        with Stubber(survey.aws.codedeploy) as stub:
            stub.add_client_error(
                "batch_get_deployment_groups",
                "AccessDeniedException",
                "User: ana is not authorized to perform: codedeploy:BatchGetDeploymentGroups on resource: x",
            )
            return Survey.of(survey.aws, survey.names, survey.environments)._environments()  # type: ignore[return-value]  # it fails

    monkeypatch.setattr(Survey, "status", denied)
    answer = slipway("status")
    assert answer.code == 1
    assert (
        "error: these AWS credentials have no permission for codedeploy:BatchGetDeploymentGroups"
        in answer.words
    )
    assert "next: use other credentials" in answer.words


def test_releases_marks_what_runs_and_what_a_rollback_picks(here: World) -> None:
    with recorded() as calls:
        answer = slipway("releases")
    assert answer.code == 0, answer.words
    by_commit = {line.split()[0]: line for line in answer.data.splitlines() if line.strip()}
    assert " runs " in by_commit[commit("b")[:12]]
    assert " rollback " in by_commit[commit("a")[:12]]
    assert "prod: no release to roll back to" in answer.data
    assert not [call.name for call in calls if call.changes]


def test_releases_as_json_is_the_documented_document(here: World) -> None:
    found = Releases.model_validate_json(slipway("releases", "--json", "--env", "staging").data)
    assert {release.commit: release.image for release in found.releases} == dict.fromkeys(
        (commit("a"), commit("b")), "present"
    )


def test_a_limit_leaves_out_the_older_ones_and_says_how_many(here: World) -> None:
    for name in "cde":
        here.keep(name)
    assert "of 5 shown; --all lists all" in slipway("releases", "--limit", "1").data
    assert "of 5" not in slipway("releases", "--all").data


def test_nothing_is_released_yet(empty: World) -> None:
    empty.apply_foundation()
    answer = slipway("releases")
    assert (
        answer.data == "nothing was built or deployed yet: push a commit; slipway status shows the pipeline\n"
    )


def test_before_the_stacks_are_applied_it_says_which_to_apply() -> None:
    answer = slipway("releases")
    assert answer.code == 1
    assert "next: apply my-app-foundation" in answer.words


class Enough(Exception):
    """Ends a watch that would go on for ever."""


def test_watch_asks_again_and_again_and_outlives_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask, asked, slept = Survey.status, [0], [0]

    def status(survey: Survey) -> Status:
        asked[0] += 1
        if asked[0] == 2:
            with Stubber(survey.aws.sts) as stub:
                stub.add_client_error("get_caller_identity", "ExpiredToken", "expired")
                survey.aws.sts.get_caller_identity()
        return ask(survey)

    def sleep(_: float) -> None:
        slept[0] += 1
        if slept[0] == 3:
            raise Enough

    monkeypatch.setattr(Survey, "status", status)
    monkeypatch.setattr("slipway.cli.status.time.sleep", sleep)
    with pytest.raises(Enough):
        status_command.status(env=None, watch=True, json=False)
    first, second, third = capsys.readouterr().out.split("\n\nmy-app in ")
    assert "refresh failed" not in first
    assert "refresh failed: the AWS credentials have expired; retrying" in second
    assert "refresh failed" not in third


def test_what_fails_at_once_is_not_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Survey) -> Status:
        raise SlipwayError("no such thing")

    monkeypatch.setattr(Survey, "status", broken)
    answer = slipway("status", "--watch")
    assert answer.code == 1
    assert "error: no such thing" in answer.words


@pytest.mark.parametrize("command", ["status", "releases"])
def test_json_is_all_that_stands_on_standard_output_and_as_the_schema_says(here: World, command: str) -> None:
    here.alarm("latency", state="ALARM")
    here.deploy("c", "InProgress", hosts={here.hosts()[0]: "InProgress"})
    said = json.loads(slipway(command, "--json").data)
    validate(said, json.loads((SCHEMAS / f"{command}.schema.json").read_text("utf-8")))
    assert said["service"] == "my-app"
