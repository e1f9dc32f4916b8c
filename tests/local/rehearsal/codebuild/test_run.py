"""Playing a buildspec: what runs, in which order, with which variables, and what a failure stops."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from local.rehearsal.codebuild.buildspec import parse
from local.rehearsal.codebuild.environment import Build, environment
from local.rehearsal.codebuild.run import BuildResult, play
from tests.waiting import is_running, wait_until


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return Build(
        source=tmp_path,
        project_name="my-app-build",
        account="123456789012",
        region="eu-central-1",
        uuid="8c1d",
        container={"PATH": os.environ["PATH"]},
        project={"SERVICE": "my-app"},
        start={"COMMIT": "abc"},
    )


def played(build: Build, text: str, *, timeout: float = 60) -> tuple[BuildResult, list[str]]:
    lines: list[str] = []
    result = asyncio.run(play(parse(f"version: 0.2\n{text}"), build, on_line=lines.append, timeout=timeout))
    return result, [line for line in lines if not line.startswith("$ ")]


def phases(build: Build, /, **commands: str) -> tuple[BuildResult, list[str]]:
    """Play phases of which each holds what is given, in flow style."""
    return played(build, "phases:\n" + "".join(f"  {name}: {{{text}}}\n" for name, text in commands.items()))


def outcome(result: BuildResult) -> dict[str, str]:
    return {phase.name: phase.status for phase in result.phases}


def test_phases_run_in_codebuilds_order_whatever_the_files(build: Build) -> None:
    result, lines = phases(
        build,
        post_build="commands: [echo four]",
        build="commands: [echo three]",
        pre_build="commands: [echo two]",
        install="commands: [echo one]",
    )
    assert lines == ["one", "two", "three", "four"]
    assert result.succeeded


def test_a_phase_without_commands_succeeds(build: Build) -> None:
    result, _ = phases(build, build="commands: [echo]")
    assert outcome(result) == dict.fromkeys(("install", "pre_build", "build", "post_build"), "SUCCEEDED")


@pytest.mark.parametrize("name", ["install", "pre_build"])
def test_what_fails_before_the_build_stops_everything(build: Build, name: str) -> None:
    result, lines = phases(build, **{name: "commands: ['false']"}, post_build="commands: [echo post]")
    assert lines == []
    assert list(outcome(result))[-1] == name
    assert result.failure is not None
    assert result.failure.message == "`false` failed with exit code 1"


def test_a_background_task_is_not_waited_for_and_ends_with_the_build(build: Build) -> None:
    """docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-background-tasks.html."""
    task = "(echo ready > pipe; sleep 600) & echo $! > pid"
    silent = "nohup sleep 600 > /dev/null 2>&1 & echo $! > silent"
    later = "read answer < pipe && echo $answer && kill -0 $(cat pid) $(cat silent)"
    result, lines = phases(
        build, install=f"commands: [mkfifo pipe, '{task}', '{silent}']", build=f"commands: ['{later}']"
    )
    assert result.succeeded
    assert lines == ["ready"]
    tasks = [int((build.source / name).read_text()) for name in ("pid", "silent")]
    wait_until(lambda: not any(map(is_running, tasks)), "the end of both tasks")


def test_what_a_background_task_says_is_in_the_log_of_the_command_that_runs_then(build: Build) -> None:
    result, lines = phases(
        build,
        install="commands: [mkfifo go said, '(read go < go; echo late; echo > said) &', echo early]",
        build="commands: ['echo > go; read said < said; echo end']",
    )
    assert result.succeeded
    assert lines == ["early", "late", "end"]


def test_post_build_follows_a_failed_build_and_can_tell(build: Build) -> None:
    result, lines = phases(
        build,
        build="commands: [echo $CODEBUILD_BUILD_SUCCEEDING, exit 3, echo never]",
        post_build="commands: [echo $CODEBUILD_BUILD_SUCCEEDING]",
    )
    assert lines == ["1", "0"]
    assert outcome(result)["build"] == "FAILED"
    assert outcome(result)["post_build"] == "SUCCEEDED"
    assert not result.succeeded


def test_abort_keeps_post_build_from_following(build: Build) -> None:
    result, lines = phases(
        build, build="on-failure: ABORT, commands: ['false']", post_build="commands: [echo post]"
    )
    assert lines == []
    assert list(outcome(result)) == ["install", "pre_build", "build"]


def test_continue_goes_on_and_the_build_has_failed_nevertheless(build: Build) -> None:
    result, lines = phases(
        build, install="on-failure: CONTINUE, commands: ['false']", build="commands: [echo built]"
    )
    assert lines == ["built"]
    assert not result.succeeded


def test_finally_runs_after_a_failure_and_does_not_mend_it(build: Build) -> None:
    result, lines = phases(build, install="commands: [exit 1, echo never], finally: [echo last]")
    assert lines == ["last"]
    assert outcome(result) == {"install": "FAILED"}


def test_a_phase_fails_if_finally_does(build: Build) -> None:
    result, _ = phases(build, install="commands: ['true'], finally: [exit 2]")
    assert outcome(result) == {"install": "FAILED"}


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_variables_and_the_directory_carry_over_from_command_to_command(build: Build, shell: str) -> None:
    (build.source / "sub").mkdir()
    _, lines = played(
        build,
        f"""
env: {{shell: {shell}}}
phases:
  install: {{commands: [cd sub, "A='it is \\"one\\"'", export B=two, unset SERVICE]}}
  build: {{commands: ['echo "$A $B ${{SERVICE-unset}}"', 'basename "$PWD"; touch here']}}
""",
    )
    assert lines == ['it is "one" two unset', "sub"]
    assert (build.source / "sub" / "here").exists()


def test_commands_start_in_the_source_with_no_input(build: Build) -> None:
    elsewhere = replace(build, container={**build.container, "PWD": "/elsewhere"})
    _, lines = phases(elsewhere, build="commands: ['pwd; echo $PWD', cat]")
    assert lines == [str(build.source)] * 2


def test_both_outputs_are_one_log(build: Build) -> None:
    _, lines = phases(build, build="commands: ['echo out; echo err >&2; echo out']")
    assert lines == ["out", "err", "out"]


def test_the_start_of_a_build_wins_over_the_project_and_that_over_the_buildspec(build: Build) -> None:
    spec = {"A": "spec", "SERVICE": "spec", "COMMIT": "spec", "PATH": "spec"}
    found = environment(build, spec)
    assert (found["A"], found["SERVICE"], found["COMMIT"], found["PATH"]) == ("spec", "my-app", "abc", "spec")


def test_codebuilds_own_variables_are_its_own(build: Build) -> None:
    found = environment(build, {"CODEBUILD_BUILD_ID": "forged"})
    assert found["CODEBUILD_BUILD_ID"] == "my-app-build:8c1d"
    assert found["CODEBUILD_SRC_DIR"] == str(build.source)
    assert found["AWS_REGION"] == found["AWS_DEFAULT_REGION"] == "eu-central-1"
    assert (
        found["CODEBUILD_BUILD_ARN"] == "arn:aws:codebuild:eu-central-1:123456789012:build/my-app-build:8c1d"
    )


def test_exported_variables_are_what_they_were_at_the_end(build: Build) -> None:
    result, _ = played(
        build,
        """
env: {exported-variables: [DIGEST, LINES_, NOTHING]}
phases:
  build: {commands: [DIGEST=one]}
  post_build: {commands: [export DIGEST=two, "LINES_=\\"$(printf 'a\\\\nb')\\""]}
""",
    )
    assert result.exported == {"DIGEST": "two", "LINES_": "a\nb", "NOTHING": ""}


ARTIFACTS = "artifacts: {files: [out.txt]}\n"


def test_the_artifact_is_the_files_that_match(build: Build) -> None:
    result, _ = played(build, ARTIFACTS + "phases: {build: {commands: [echo > out.txt]}}")
    assert result.artifact == {"out.txt": build.source / "out.txt"}
    assert outcome(result)["upload_artifacts"] == "SUCCEEDED"


def test_an_artifact_that_is_missing_fails_the_build(build: Build) -> None:
    result, _ = played(build, ARTIFACTS + "phases: {}")
    assert outcome(result)["upload_artifacts"] == "FAILED"
    assert "no file matches out.txt" in result.phases[-1].message


def test_artifacts_are_attempted_after_a_failed_build_but_not_without_one(build: Build) -> None:
    result, _ = played(build, ARTIFACTS + "phases: {build: {commands: [echo > out.txt, 'false']}}")
    assert list(result.artifact) == ["out.txt"]
    result, _ = played(build, ARTIFACTS + "phases: {install: {commands: ['false']}}")
    assert result.artifact == {}
    assert list(outcome(result)) == ["install"]


def test_a_build_that_takes_too_long_is_stopped(build: Build) -> None:
    result, _ = played(
        build, "phases: {build: {commands: [sleep 60]}, post_build: {commands: [echo]}}", timeout=0.5
    )
    assert outcome(result) == {"install": "SUCCEEDED", "pre_build": "SUCCEEDED", "build": "TIMED_OUT"}
    assert result.phases[-1].message == "the build took longer than 0.5 seconds"
