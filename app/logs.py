"""Logs: one JSON object a line on stdout, which is where a container's log driver takes them from."""

import json
import logging
import sys
from datetime import UTC, datetime
from types import TracebackType


class JsonLines(logging.Formatter):
    """A record as one line of JSON; what is passed as ``extra={"fields": {...}}`` becomes members."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's line; a traceback is a member of it, so that it stays one line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def configure(level: int) -> None:
    """Send everything that is logged to stdout, uncaught exceptions and Python's warnings too."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    sys.excepthook = log_uncaught


def log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What ends the process is logged like everything else."""
    logging.getLogger("app").critical("the service failed", exc_info=(kind, error, trace))
