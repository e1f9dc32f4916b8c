"""One line of a log, as people and programs read it. What stands in it is never trusted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from slipway.aws.logs import LogEvent
from slipway.console.documents import Document
from slipway.console.printable import plain
from slipway.logs.log_groups import ServiceLogGroup
from slipway.logs.source import LogSource


class LogLine(Document):
    """A line that ``slipway logs --json`` prints."""

    time: str
    """When it was written, to the millisecond, in UTC."""
    environment: str | None
    """The environment whose log it is; null for a build."""
    host: str | None
    """The instance that wrote it; null for a build."""
    source: LogSource
    """Whose log it is."""
    stream: str
    """The log stream in CloudWatch."""
    message: str
    """What was written, without the line's end."""
    id: str
    """CloudWatch's id of the event."""


@dataclass(frozen=True)
class Line:
    """A log event, and the log group that it was read from."""

    group: ServiceLogGroup
    event: LogEvent

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other line, however often it is read."""
        return self.group.name, self.event.id

    @property
    def time(self) -> str:
        """When it was written, to the millisecond, in UTC."""
        at = datetime.fromtimestamp(self.event.at // 1000, UTC)
        return f"{at:%Y-%m-%dT%H:%M:%S}.{self.event.at % 1000:03}Z"

    @property
    def host(self) -> str | None:
        """The instance that wrote it; None for a build."""
        return self.group.host(self.event.stream)

    def text(self, *, sources: bool) -> Iterator[str]:
        """For a terminal: a line for each line of the message, each with its time and host.

        sources: whether each says who wrote it too.
        """
        where = (self.group.environment, self.host, self.group.source if sources else None)
        label = " ".join(each for each in (self.time, *where) if each)
        for line in self.event.message.rstrip("\r\n").splitlines() or [""]:
            yield f"{plain(label)} {plain(line)}"

    def document(self) -> LogLine:
        """The line as ``--json`` prints it."""
        return LogLine(
            time=self.time,
            environment=self.group.environment,
            host=self.host,
            source=self.group.source,
            stream=self.event.stream,
            message=self.event.message.rstrip("\r\n"),
            id=self.event.id,
        )
