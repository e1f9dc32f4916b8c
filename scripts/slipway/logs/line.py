"""One line of a log, as text and as JSON. Its content is untrusted."""

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
    """The environment of the log; null for a build."""
    host: str | None
    """The id of the instance that wrote it; null for a build."""
    source: LogSource
    """The source of the log."""
    stream: str
    """The name of the log stream in CloudWatch."""
    message: str
    """The message, without the line break at its end."""
    id: str
    """CloudWatch's id of the log event."""


@dataclass(frozen=True)
class Line:
    """A log event, and the log group that it was read from."""

    group: ServiceLogGroup
    event: LogEvent

    @property
    def key(self) -> tuple[str, str]:
        """A key that is unique to this line and the same each time that it is read."""
        return self.group.name, self.event.id

    @property
    def time(self) -> str:
        """When it was written, to the millisecond, in UTC."""
        at = datetime.fromtimestamp(self.event.at // 1000, UTC)
        return f"{at:%Y-%m-%dT%H:%M:%S}.{self.event.at % 1000:03}Z"

    @property
    def host(self) -> str | None:
        """The id of the instance that wrote it; None for a build."""
        return self.group.host(self.event.stream)

    def text(self, *, sources: bool) -> Iterator[str]:
        """The lines to print: one for each line of the message, with time, environment and host.

        sources: whether to print the source too.
        """
        where = (self.group.environment, self.host, self.group.source if sources else None)
        label = " ".join(word for word in (self.time, *where) if word)
        for line in self.event.message.rstrip("\r\n").splitlines() or [""]:
            yield f"{plain(label)} {plain(line)}"

    def document(self) -> LogLine:
        """The document that ``--json`` prints."""
        return LogLine(
            time=self.time,
            environment=self.group.environment,
            host=self.host,
            source=self.group.source,
            stream=self.event.stream,
            message=self.event.message.rstrip("\r\n"),
            id=self.event.id,
        )
