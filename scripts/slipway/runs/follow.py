"""Follows a command until it ends: passes on its output, and returns its exit code."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from slipway.aws import codebuild
from slipway.aws.clients import Aws
from slipway.aws.codebuild import SUCCEEDED, CommandOutput, CommandRun
from slipway.console.errors import SlipwayError

INTERVAL = 2.0  # seconds between two polls
CODEBUILDS_OWN = "[Container] "
ENDED = re.compile(r"-----> it ended with exit code ([0-9]+)")
LAST_WORDS = 3  # polls after the end: the last lines reach CloudWatch after the build has ended


class CommandFailedError(SlipwayError):
    """The command or its build failed. Exits with the command's exit code, or 1."""

    def __init__(self, run: CommandRun, code: int | None) -> None:
        ended = "was stopped" if run.status == "STOPPED" else f"ended with status {run.status}"
        super().__init__(
            f"the command exited with code {code}" if code else f"build {run.id} {ended}",
            why=run.why or "CodeBuild gives no reason",
        )
        self.exit_code = code or 1


@dataclass
class CommandFollower:
    """Polls a build until it ends. data: called with each line of the command's output. sleep: in seconds."""

    aws: Aws
    data: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep

    def follow(self, id: str) -> None:
        """Wait until the command has succeeded. Raises CommandFailedError if it fails."""
        output, code, last = CommandOutput(self.aws), None, LAST_WORDS
        while True:
            run = codebuild.command_run(self.aws, id)
            for line in output.new(run):
                if found := ENDED.fullmatch(line.strip()):
                    code = int(found[1])
                elif not line.startswith(CODEBUILDS_OWN):
                    self.data(line)
            if run.has_ended:
                last -= 1
                if code is not None or not last:
                    break
            self.sleep(INTERVAL)
        if run.status != SUCCEEDED:
            raise CommandFailedError(run, code)
