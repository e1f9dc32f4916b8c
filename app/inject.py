"""Injects into requests the faults that have begun."""

import asyncio

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.lifecycle import Lifecycle
from app.probes import PROBES


class InjectFaults:
    """Middleware that hangs, waits or fails in the place of the service."""

    def __init__(self, app: ASGIApp, *, lifecycle: Lifecycle) -> None:
        self.app = app
        self.lifecycle = lifecycle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request as badly as is asked for."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        faults = self.lifecycle.faults
        if self.lifecycle.begun(faults.hang):
            await asyncio.Event().wait()
        if scope["path"] in PROBES:
            return await self.app(scope, receive, send)
        await asyncio.sleep(faults.slow or 0)
        if self.lifecycle.begun(faults.errors):
            answer = JSONResponse({"error": "errors, as SLIPWAY_FAULTS says"}, status_code=500)
            return await answer(scope, receive, send)
        return await self.app(scope, receive, send)
