"""Closes client connections, one at a time, once the service is draining.

A load balancer keeps connections open, and might send its next request on one that is just being closed.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.lifecycle import Lifecycle


class CloseConnections:
    """Middleware that adds ``Connection: close`` to every response while the service is draining."""

    def __init__(self, app: ASGIApp, *, lifecycle: Lifecycle) -> None:
        self.app = app
        self.lifecycle = lifecycle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request; whether to close the connection is decided when the response begins."""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and self.lifecycle.draining:
                MutableHeaders(scope=message)["connection"] = "close"
            await send(message)

        await self.app(scope, receive, answer)
