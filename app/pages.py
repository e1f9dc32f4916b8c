"""What the service answers: its own page, and what machines ask about it."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from app.config import Config
from app.lifecycle import Lifecycle
from app.probes import HEALTH, READINESS, VERSION


class Pages:
    """The endpoints, each a method; a team's own begin where ``home`` is."""

    def __init__(self, config: Config, lifecycle: Lifecycle) -> None:
        self.config = config
        self.lifecycle = lifecycle

    def routes(self) -> list[Route]:
        """Which path is whose."""
        return [
            Route("/", self.home),
            Route(HEALTH, self.health),
            Route(READINESS, self.readiness),
            Route(VERSION, self.version),
        ]

    async def home(self, _: Request) -> JSONResponse:
        """The service's own page."""
        return JSONResponse({"message": "Hello from Slipway", "commit": self.config.commit})

    async def health(self, _: Request) -> JSONResponse:
        """Whether the process is alive: while it can answer at all, it is. Draining is not a failure."""
        return JSONResponse({"status": "alive"})

    async def readiness(self, _: Request) -> JSONResponse:
        """Whether to send requests here; 503 where not. A team checks here what it cannot work without."""
        if reason := self.lifecycle.not_ready_because():
            return JSONResponse({"status": "not ready", "reason": reason}, status_code=503)
        return JSONResponse({"status": "ready"})

    async def version(self, _: Request) -> JSONResponse:
        """The commit and the image that run, as JSON."""
        return JSONResponse({"commit": self.config.commit, "digest": self.config.digest})
