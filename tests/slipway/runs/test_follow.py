"""A command is followed to its end: its lines once, without CodeBuild's, and its own exit code."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from slipway.aws.clients import Aws
from slipway.aws.codebuild import command_run
from slipway.console.errors import SlipwayError
from slipway.runs.follow import CommandFailedError, CommandFollower

HEAD = ["[Container] 2026/11/28 23:00:00 Running command #!/bin/bash", "-----> image: python -m app.migrate"]
REFUSED = "Error while executing command: #!/bin/bash. Reason: exit status 7"


class PlayedBuild:
    """A build of which each look shows one state more; its lines come page by page."""

    def __init__(self, states: Sequence[tuple[str, Sequence[str]]], message: str = "") -> None:
        self.states, self.message, self.looks = list(states), message, 0
        self.shown: list[str] = []

    @property
    def aws(self) -> Aws:
        builds = SimpleNamespace(batch_get_builds=self.batch_get_builds)
        return cast(Aws, SimpleNamespace(codebuild=builds, logs=SimpleNamespace(get_log_events=self.events)))

    def batch_get_builds(self, ids: list[str]) -> dict[str, Any]:
        status, lines = self.states[min(self.looks, len(self.states) - 1)]
        self.looks += 1
        self.shown = list(lines)
        phase = {"contexts": [{"message": self.message}]}
        logs = {"groupName": "/my-app/prod/run", "streamName": "a"} if lines else {}
        return {"builds": [{"id": ids[0], "buildStatus": status, "logs": logs, "phases": [phase]}]}

    def events(self, **asked: object) -> dict[str, Any]:
        at = int(str(asked.get("nextToken", "0")))
        return {
            "events": [{"message": f"{line}\n"} for line in self.shown[at:]],
            "nextForwardToken": str(len(self.shown)),
        }


def follow(build: PlayedBuild) -> list[str]:
    lines: list[str] = []
    CommandFollower(build.aws, lines.append, sleep=lambda _seconds: None).follow("my-app-prod-run:1")
    return lines


def test_each_line_comes_once_and_codebuilds_own_do_not() -> None:
    said = [*HEAD, "applied 3 of 3"]
    build = PlayedBuild(
        [
            ("IN_PROGRESS", []),
            ("IN_PROGRESS", HEAD),
            ("IN_PROGRESS", said),
            ("SUCCEEDED", [*said, "-----> it ended with exit code 0"]),
        ]
    )
    assert follow(build) == [HEAD[1], "applied 3 of 3"]


def test_its_exit_code_is_handed_on() -> None:
    ended = [*HEAD, "no such table", "-----> it ended with exit code 7"]
    with pytest.raises(CommandFailedError) as error:
        follow(PlayedBuild([("IN_PROGRESS", HEAD), ("FAILED", ended)], REFUSED))
    assert (error.value.exit_code, error.value.why) == (7, REFUSED)


def test_last_lines_that_come_after_the_end_are_waited_for() -> None:
    late = [*HEAD, "-----> it ended with exit code 4"]
    with pytest.raises(CommandFailedError) as error:
        follow(PlayedBuild([("FAILED", HEAD), ("FAILED", HEAD), ("FAILED", late)]))
    assert error.value.exit_code == 4


@pytest.mark.parametrize("status", ["FAULT", "TIMED_OUT", "STOPPED", "FAILED"])
def test_what_could_not_be_run_is_a_failure_too(status: str) -> None:
    with pytest.raises(CommandFailedError) as error:
        follow(PlayedBuild([(status, [])], "the image cannot be pulled"))
    assert (error.value.exit_code, error.value.why) == (1, "the image cannot be pulled")


def test_a_build_that_there_is_not_is_said() -> None:
    none = SimpleNamespace(codebuild=SimpleNamespace(batch_get_builds=lambda **_: {"builds": []}))
    with pytest.raises(SlipwayError, match="build b:1 not found"):
        command_run(cast(Aws, none), "b:1")
