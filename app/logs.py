"""Logs: one JSON object per line on stdout, from where the container's log driver reads them."""

import json
import logging
import sys
from datetime import UTC, datetime
from types import TracebackType


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON; ``extra={"fields": {...}}`` adds members."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line; a traceback is one of its members, so it stays on one line."""
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
    """Send all logs to stdout, including uncaught exceptions and Python's warnings."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    sys.excepthook = log_uncaught


def log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log the exception that ends the process."""
    logging.getLogger("app").critical("the service failed", exc_info=(kind, error, trace))
