"""Writes down every call that comes in at the emulated AWS, before moto answers it.

It understands the protocols of the services that builds and hosts speak with: JSON (ECR, SSM, KMS,
CodeDeploy …), query (STS, SNS …), and S3's. A request of another kind is written down with its method and
path in place of an operation, so that nothing goes unseen.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from threading import Lock
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from botocore.loaders import Loader

from slipway.emulator.calls import Call

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CREDENTIAL = re.compile(r"(?P<who>[^/=]+)/\d{8}/[^/]+/(?P<service>[^/]+)/aws4_request")
NAMING = re.compile(
    r"(repository|application|deploymentGroup|deployment|pipeline|project|logGroup|alarm|topic|role|key)?"
    r"(names?|arn|path|id)",
    re.IGNORECASE,
)
"""The parameters that name what a call is about; others may hold content."""


def recorded(application: "WSGIApplication", file: IO[str]) -> "WSGIApplication":
    """The application, with each call to it written to a file."""
    lock = Lock()

    def record(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        call = understood(environ)
        if call is not None:
            with lock:
                file.write(call.line())
                file.flush()
        return application(environ, start_response)

    return record


def understood(environ: "WSGIEnvironment") -> Call | None:
    """The call that a request makes; None if nobody signed it, as moto's own pages."""
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    signed = unquote(environ.get("HTTP_AUTHORIZATION") or query.get("X-Amz-Credential", ""))
    if (credential := CREDENTIAL.search(signed)) is None:
        return None
    who, service = credential["who"], credential["service"]
    if service == "s3":
        return Call(who, service, *_s3(environ, query))
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return Call(who, service, target.rpartition(".")[2], _names(json.loads(_body(environ) or "{}")))
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        form = dict(parse_qsl(_body(environ).decode()))
        return Call(who, service, form.get("Action", ""), _names(form))
    return Call(who, service, _as_it_came(environ))


def _body(environ: "WSGIEnvironment") -> bytes:
    """The request's body, which is left to be read again."""
    body = bytes(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    environ["wsgi.input"] = BytesIO(body)
    return body


def _names(parameters: Mapping[str, object]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in parameters.items()
        if NAMING.fullmatch(name)
    }


@dataclass(frozen=True)
class _Operation:
    """One of S3's: how deep its path is (service, bucket, object), and what a request for it must have."""

    name: str
    depth: int
    method: str
    query: Mapping[str, str]
    """Empty where any value will do."""
    headers: frozenset[str]

    @property
    def choosiness(self) -> int:
        return len(self.query) + len(self.headers)

    def fits(self, depth: int, environ: "WSGIEnvironment", query: Mapping[str, str]) -> bool:
        return (
            (self.depth, self.method) == (depth, environ["REQUEST_METHOD"])
            and all(name in query and value in {"", query[name]} for name, value in self.query.items())
            and all(f"HTTP_{name.upper().replace('-', '_')}" in environ for name in self.headers)
        )


def _s3(environ: "WSGIEnvironment", query: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """S3 is told in method, path, query and headers what to do; its model says how."""
    bucket, _, key = environ["PATH_INFO"].lstrip("/").partition("/")
    on = {name: value for name, value in (("bucket", bucket), ("key", key)) if value}
    fitting = (each.name for each in _s3_operations() if each.fits(len(on), environ, query))
    return next(fitting, _as_it_came(environ)), on


@cache
def _s3_operations() -> list[_Operation]:
    """Those first that ask the most of a request."""
    model = Loader().load_service_model("s3", "service-2")
    found = [_s3_operation(model["shapes"], each) for each in model["operations"].values()]
    return sorted(found, key=lambda each: (-each.choosiness, each.name))


def _s3_operation(shapes: Mapping[str, Any], operation: Mapping[str, Any]) -> _Operation:
    path, _, query = operation["http"]["requestUri"].partition("?")
    shape = shapes[operation["input"]["shape"]] if "input" in operation else {}
    needed = [shape["members"][each] for each in shape.get("required", [])]

    def located(where: str) -> list[str]:
        return [each["locationName"] for each in needed if each.get("location") == where]

    return _Operation(
        name=operation["name"],
        depth=path.count("{"),
        method=operation["http"]["method"],
        query=dict.fromkeys(located("querystring"), "") | dict(parse_qsl(query, keep_blank_values=True)),
        headers=frozenset(located("header")),
    )


def _as_it_came(environ: "WSGIEnvironment") -> str:
    return f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
