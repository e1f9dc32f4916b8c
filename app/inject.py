"""Applies the active faults to requests."""

import asyncio

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.lifecycle import Lifecycle
from app.probes import PROBES


class InjectFaults:
    """Middleware that hangs, delays or fails requests, according to the active faults."""

    def __init__(self, app: ASGIApp, *, lifecycle: Lifecycle) -> None:
        self.app = app
        self.lifecycle = lifecycle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request with the active faults."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        faults = self.lifecycle.faults
        if self.lifecycle.begun(faults.hang):
            await asyncio.Event().wait()
        if scope["path"] in PROBES:
            return await self.app(scope, receive, send)
        await asyncio.sleep(faults.slow or 0)
        if self.lifecycle.begun(faults.errors):
            answer = JSONResponse({"error": "errors, because SLIPWAY_FAULTS is set"}, status_code=500)
            return await answer(scope, receive, send)
        return await self.app(scope, receive, send)
