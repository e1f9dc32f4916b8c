"""``slipway run`` and ``slipway shell``, as they are typed."""

import json
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from slipway.aws import codebuild, hosts
from slipway.aws.codebuild import CommandOutput, CommandRun
from slipway.aws.hosts import Instance
from tests.slipway.commands import slipway
from tests.slipway.recorded import recorded
from tests.slipway.releases.world import World, commit

RELEASE = '[release]\ncommand = ["python", "-m", "app.migrate"]\nminutes = 20\n\n[alerts]'
TYPED = ("run", "--env", "staging", "--", "python", "-c", "print('a b')")


@pytest.fixture
def built(world: World) -> World:
    """Staging runs commit one, and commands can be run beside it."""
    world.build(commit(1), commit(2))
    world.deployed("staging", commit(1))
    settings = Path.cwd() / "pipeline.toml"
    settings.write_text(settings.read_text().replace("[alerts]", RELEASE))
    return world


def test_a_command_is_started_in_the_image_that_runs_by_its_digest(built: World) -> None:
    with recorded() as calls:
        answer = (
            slipway(*TYPED, "--dry-run")
            if False
            else slipway("run", "--env", "staging", "--dry-run", *TYPED[3:])
        )
    assert answer.code == 0, answer.words
    call = json.loads(answer.data)
    assert (call["service"], call["operation"]) == ("codebuild", "StartBuild")
    given = call["parameters"]
    assert given["projectName"] == "my-app-staging-run"
    assert (given["sourceTypeOverride"], given["timeoutInMinutesOverride"]) == ("NO_SOURCE", 20)
    variables = {each["name"]: each["value"] for each in given["environmentVariablesOverride"]}
    repository = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/my-app"
    assert variables["IMAGE"] == f"{repository}@{built.digests[commit(1)]}"
    assert json.loads(variables["COMMAND"]) == ["python", "-c", "print('a b')"]
    assert not [call.name for call in calls if call.changes]


def test_the_commands_exit_code_is_ours(built: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = CommandRun(id="my-app-staging-run:1", status="FAILED", why="exit status 7")
    lines = ["no such table", "-----> it ended with exit code 7"]
    monkeypatch.setattr(codebuild, "command_run", lambda _aws, _id: ended)
    monkeypatch.setattr(CommandOutput, "new", lambda _self, _run: iter(lines))
    monkeypatch.setattr(type(built.aws), "codebuild", Started(), raising=False)
    answer = slipway(*TYPED)
    assert (answer.code, answer.data) == (7, "no such table\n")


class Started:
    """CodeBuild, which starts whatever it is told to."""

    def start_build(self, **_asked: object) -> dict[str, dict[str, str]]:
        return {"build": {"id": "my-app-staging-run:1"}}


def test_without_a_release_table_nothing_can_be_run(world: World) -> None:
    answer = slipway("run", "--env", "staging", "--", "true")
    assert answer.code == 2
    assert "pipeline.toml has no [release]" in answer.words


def test_where_nothing_runs_there_is_no_image(built: World) -> None:
    answer = slipway("run", "--env", "prod", "--", "true")
    assert answer.code == 1
    assert "prod runs no release yet" in answer.words


def test_a_deployment_past_the_pipeline_says_that_the_release_command_is_not_run(built: World) -> None:
    forward = slipway("deploy", "--env", "staging", "--to", commit(2), "--dry-run")
    assert "slipway run --env staging -- python -m app.migrate" in forward.words
    built.deployed("staging", commit(2))
    assert "release command" not in slipway("rollback", "--env", "staging", "--dry-run").words


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The AWS CLI and its plugin are there; what would be started is noted."""
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "execvp", lambda _file, words: started.append(words))
    return started


def test_a_session_takes_the_plugin(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None if "plugin" in name else name)
    answer = slipway("shell", "--env", "staging")
    assert answer.code == 2
    assert "session-manager-plugin not found on the PATH" in answer.words


def test_a_session_needs_a_host(world: World, programs: list[tuple[str, ...]]) -> None:
    answer = slipway("shell", "--env", "staging")
    assert (answer.code, programs) == (1, [])
    assert "staging has no hosts" in answer.words


def test_a_session_is_opened_on_a_host_of_the_environment(
    world: World, programs: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = hosts_of(world, monkeypatch)
    assert slipway("shell", "--env", "staging").code == 0
    assert slipway("shell", "--env", "staging", "--host", two).code == 0
    assert slipway("shell", "--env", "staging", "--host", "i-0ther").code == 2
    start = ("aws", "ssm", "start-session", "--region", "eu-central-1", "--target")
    logged = ("--document-name", "my-app-staging-shell")
    assert programs == [(*start, one, *logged), (*start, two, *logged)]


def hosts_of(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    there = (Instance("i-a", "a", "Terminating"), Instance("i-b", "b", "InService"))
    group = SimpleNamespace(instances=there)
    monkeypatch.setattr(hosts, "scaling_groups", lambda _aws, _names: {"group": group})
    return "i-b", "i-a"
