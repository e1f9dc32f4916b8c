"""The service's endpoints: its home page, the probes and the version."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from app.config import Config
from app.lifecycle import Lifecycle
from app.probes import HEALTH, READINESS, VERSION


class Pages:
    """The endpoints, one method each; replace ``home`` with your own."""

    def __init__(self, config: Config, lifecycle: Lifecycle) -> None:
        self.config = config
        self.lifecycle = lifecycle

    def routes(self) -> list[Route]:
        """Return the routes: every path with its endpoint."""
        return [
            Route("/", self.home),
            Route(HEALTH, self.health),
            Route(READINESS, self.readiness),
            Route(VERSION, self.version),
        ]

    async def home(self, _: Request) -> JSONResponse:
        """Return the home page."""
        return JSONResponse({"message": "Hello from Slipway", "commit": self.config.commit})

    async def health(self, _: Request) -> JSONResponse:
        """Return 200 for as long as the process can answer; draining is not a failure."""
        return JSONResponse({"status": "alive"})

    async def readiness(self, _: Request) -> JSONResponse:
        """Return 200 if the service is ready for requests, otherwise 503. Check dependencies here."""
        if reason := self.lifecycle.not_ready_because():
            return JSONResponse({"status": "not ready", "reason": reason}, status_code=503)
        return JSONResponse({"status": "ready"})

    async def version(self, _: Request) -> JSONResponse:
        """Return the commit and the image digest of the running service as JSON."""
        return JSONResponse({"commit": self.config.commit, "digest": self.config.digest})
