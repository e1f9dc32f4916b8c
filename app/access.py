"""The access log: client, path, status and duration of every request.

Query strings and headers are not logged, because they may contain secrets. The only exception is the load
balancer's trace id, which links a line to the load balancer's own log.
"""

import logging
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.probes import PROBES

TRACE = "x-amzn-trace-id"
"""docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html"""

logger = logging.getLogger(__name__)


class AccessLog:
    """Middleware that logs every request when it has ended."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request and log it; a request without a response has no status."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun = time.monotonic()
        status: int | None = None

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, answer)
        except Exception:
            status = status or 500  # the outer middleware responds with 500
            raise
        finally:
            log(scope, status, time.monotonic() - begun)


def log(scope: Scope, status: int | None, seconds: float) -> None:
    """Write the log line; successful health checks are frequent, so they are logged at level debug."""
    fields = {
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "duration_ms": round(seconds * 1000, 1),
        "client": scope["client"][0] if scope["client"] else None,
    }
    if trace := Headers(scope=scope).get(TRACE):
        fields["trace"] = trace[:200]
    failed = status is None or status >= 500
    quiet = scope["path"] in PROBES
    level = logging.WARNING if failed else logging.DEBUG if quiet else logging.INFO
    logger.log(level, "request", extra={"fields": fields})
