"""Builds the ASGI application from routes and middleware."""

from starlette.applications import Starlette
from starlette.middleware import Middleware

from app import errors
from app.access import AccessLog
from app.config import Config
from app.drain import CloseConnections
from app.inject import InjectFaults
from app.lifecycle import Lifecycle
from app.pages import Pages


def create_app(config: Config, lifecycle: Lifecycle | None = None) -> Starlette:
    """Return the application, for a server or a test.

    lifecycle: lets the caller drain the application. Default: a new one.
    """
    lifecycle = lifecycle or Lifecycle(config.faults)
    return Starlette(
        routes=Pages(config, lifecycle).routes(),
        exception_handlers=errors.HANDLERS,
        middleware=[
            Middleware(AccessLog),
            Middleware(CloseConnections, lifecycle=lifecycle),
            Middleware(InjectFaults, lifecycle=lifecycle),
        ],
    )
