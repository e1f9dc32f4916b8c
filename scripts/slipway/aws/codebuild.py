"""CodeBuild's builds that run a command beside the service: their status and their output."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError
from slipway.console.errors import SlipwayError

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import GetLogEventsRequestTypeDef

RUNNING = "IN_PROGRESS"
SUCCEEDED = "SUCCEEDED"


@dataclass(frozen=True, kw_only=True)
class CommandRun:
    """A build's current state.

    log_group, stream: "" until it writes. why: why it failed, "" if it did not.
    """

    id: str
    status: str
    log_group: str = ""
    stream: str = ""
    why: str = ""

    @property
    def has_ended(self) -> bool:
        """Whether the build has ended."""
        return self.status != RUNNING


def command_run(aws: Aws, id: str) -> CommandRun:
    """The build's current state. Raises SlipwayError if no build has this id."""
    found = aws.codebuild.batch_get_builds(ids=[id])["builds"]
    if not found:
        raise SlipwayError(f"build {id} not found", then="check the id and the account of your credentials")
    logs, phases = found[0].get("logs", {}), found[0].get("phases", ())
    contexts = (context.get("message", "") for phase in phases for context in phase.get("contexts", ()))
    return CommandRun(
        id=id,
        status=found[0].get("buildStatus", RUNNING),
        log_group=logs.get("groupName", ""),
        stream=logs.get("streamName", ""),
        why=next((context for context in contexts if context), ""),
    )


@dataclass
class CommandOutput:
    """A build's output; each line is returned once."""

    aws: Aws
    _token: str = field(default="", init=False)

    def new(self, run: CommandRun) -> Iterator[str]:
        """The lines that were written since the last call."""
        if not (run.log_group and run.stream):
            return
        while True:
            asked: GetLogEventsRequestTypeDef = {
                "logGroupName": run.log_group,
                "logStreamName": run.stream,
                "startFromHead": True,
            }
            if self._token:
                asked["nextToken"] = self._token
            try:
                page = self.aws.logs.get_log_events(**asked)
            except AwsError as error:
                if error.code == "ResourceNotFoundException":  # the stream is created with its first line
                    return
                raise
            for event in page["events"]:
                yield from event["message"].splitlines()
            if page["nextForwardToken"] == self._token:
                return
            self._token = page["nextForwardToken"]
