"""Errors as JSON, like every other response, without internal details."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ExceptionHandler


async def refused(_: Request, error: Exception) -> JSONResponse:
    """Respond to a request for an unknown path or with an unsupported method."""
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, status_code=error.status_code, headers=error.headers)


async def failed(_: Request, _error: Exception) -> JSONResponse:
    """Respond with status 500 to an error of the service itself; the traceback is in the log."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return JSONResponse({"error": status.phrase}, status_code=status)


HANDLERS: dict[int | type[Exception], ExceptionHandler] = {HTTPException: refused, Exception: failed}
