"""CodeBuild's builds that run a command beside the service: started, looked at, and what they print."""

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
    """A build as it is now. log_group, stream: "" until it writes. why: what made it fail."""

    id: str
    status: str
    log_group: str = ""
    stream: str = ""
    why: str = ""

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status != RUNNING


def command_run(aws: Aws, id: str) -> CommandRun:
    """The build as it is now. Raises SlipwayError if there is none of this id."""
    found = aws.codebuild.batch_get_builds(ids=[id])["builds"]
    if not found:
        raise SlipwayError(f"there is no build {id}")
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
    """What a build writes, each line once."""

    aws: Aws
    _token: str = field(default="", init=False)

    def new(self, run: CommandRun) -> Iterator[str]:
        """What has come since the last look."""
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
                if error.code == "ResourceNotFoundException":  # it is made with its first line
                    return
                raise
            for event in page["events"]:
                yield from event["message"].splitlines()
            if page["nextForwardToken"] == self._token:
                return
            self._token = page["nextForwardToken"]
