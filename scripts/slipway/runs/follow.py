"""Follows a command to its end: hands on what it prints, and says what it exited with."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from slipway.aws import codebuild
from slipway.aws.clients import Aws
from slipway.aws.codebuild import SUCCEEDED, CommandOutput, CommandRun
from slipway.console.errors import SlipwayError

INTERVAL = 2.0  # seconds between two looks
CODEBUILDS_OWN = "[Container] "
ENDED = re.compile(r"-----> it ended with exit code ([0-9]+)")
LAST_WORDS = 3  # looks after the end: lines reach CloudWatch later than the end reaches CodeBuild


class CommandFailedError(SlipwayError):
    """The command, or what it takes to run it, failed."""

    def __init__(self, run: CommandRun, code: int | None) -> None:
        ended = "was stopped" if run.status == "STOPPED" else f"ended as {run.status}"
        super().__init__(
            f"the command exited with {code}" if code else f"{run.id} {ended}",
            why=run.why or "CodeBuild does not say why",
        )
        self.exit_code = code or 1


@dataclass
class CommandFollower:
    """Looks at a run until it ends. data: gets each line of the command's; sleep: tests give their own."""

    aws: Aws
    data: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep

    def follow(self, id: str) -> None:
        """Returns once the command has succeeded. Raises CommandFailedError, with its exit code."""
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
