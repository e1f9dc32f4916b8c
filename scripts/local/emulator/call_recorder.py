"""Records every call to the emulated AWS before moto answers it.

It reads the protocols of AWS's services: JSON (ECR, SSM, KMS …), query (STS, SNS …), and REST (S3, Route 53).
A request that matches no operation is recorded with its method and path.
"""

import gzip
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader

from local.emulator.calls import Call

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CREDENTIAL = re.compile(r"(?P<who>[^/=]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
NAMING = re.compile(
    r"(repository|application|deploymentGroup|deployment|pipeline|project|logGroup|alarm|topic|role|key)?"
    r"(names?|arn|path|id)",
    re.IGNORECASE,
)
"""The parameters that are recorded: names and ids. Others can contain content."""

LABEL = re.compile(r"\{(?P<name>\w+)(?P<greedy>\+?)\}")


def recorded(application: "WSGIApplication", file: IO[str]) -> "WSGIApplication":
    """The application, with each call to it recorded in a file."""

    def record(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        call = understood(environ)
        if call is not None:
            file.write(call.line())
            file.flush()
        return application(environ, start_response)

    return record


def understood(environ: "WSGIEnvironment") -> Call | None:
    """The call of a request; None if it is not signed, as requests for moto's own pages."""
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    signed = unquote(environ.get("HTTP_AUTHORIZATION") or query.get("X-Amz-Credential", ""))
    if (credential := CREDENTIAL.search(signed)) is None:
        return None
    who, service = credential["who"], credential["service"]
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return Call(who, service, target.rpartition(".")[2], _names(json.loads(body_of(environ) or "{}")))
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        form = dict(parse_qsl(body_of(environ).decode()))
        return Call(who, service, form.get("Action", ""), _names(form))
    return Call(who, service, *_rest(service, environ, query))


def body_of(environ: "WSGIEnvironment") -> bytes:
    """The request's body, decompressed; it can be read again afterwards."""
    body = bytes(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    environ["wsgi.input"] = BytesIO(body)
    return gzip.decompress(body) if environ.get("HTTP_CONTENT_ENCODING") == "gzip" else body


def _names(parameters: Mapping[str, object]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in parameters.items()
        if NAMING.fullmatch(name)
    }


@dataclass(frozen=True)
class _Operation:
    """An operation of a REST service, selected by method, path, query and headers."""

    name: str
    deprecated: bool
    method: str
    path: re.Pattern[str]
    query: Mapping[str, str]
    """The query parameters that a request must have; an empty value matches any."""
    headers: frozenset[str]

    @property
    def order(self) -> tuple[int, bool, int, str]:
        """Most specific first: `/a/b` before `/a/{Id}`, and that before `/{Path}`."""
        names = self.path.groups
        return (
            -len(self.query) - len(self.headers),
            self.deprecated,
            names - self.path.pattern.count("/"),
            self.name,
        )

    def fits(self, environ: "WSGIEnvironment", query: Mapping[str, str]) -> bool:
        return (
            self.method == environ["REQUEST_METHOD"]
            and all(name in query and value in {"", query[name]} for name, value in self.query.items())
            and all(f"HTTP_{name.upper().replace('-', '_')}" in environ for name in self.headers)
        )


def _rest(service: str, environ: "WSGIEnvironment", query: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The operation of a REST request by the service's model, and the parameters in its path."""
    for operation in _operations(service):
        if (path := operation.path.fullmatch(environ["PATH_INFO"])) and operation.fits(environ, query):
            return operation.name, {name.lower(): value for name, value in path.groupdict().items()}
    return f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}", {}


@cache
def _operations(service: str) -> list[_Operation]:
    try:
        model = Loader().load_service_model(service, "service-2")
    except UnknownServiceError:
        return []
    found = (_operation(model["shapes"], operation) for operation in model["operations"].values())
    return sorted(found, key=lambda operation: operation.order)


def _operation(shapes: Mapping[str, Any], operation: Mapping[str, Any]) -> _Operation:
    path, _, query = operation["http"]["requestUri"].partition("?")
    shape = shapes[operation["input"]["shape"]] if "input" in operation else {}
    needed = [shape["members"][name] for name in shape.get("required", [])]

    def located(where: str) -> list[str]:
        return [member["locationName"] for member in needed if member.get("location") == where]

    return _Operation(
        name=operation["name"],
        deprecated=operation.get("deprecated", False),
        method=operation["http"]["method"],
        path=re.compile(LABEL.sub(_group, path).rstrip("/") + "/?"),
        query=dict.fromkeys(located("querystring"), "") | dict(parse_qsl(query, keep_blank_values=True)),
        headers=frozenset(located("header")),
    )


def _group(label: re.Match[str]) -> str:
    """The group for a parameter in a path; one that ends with `+` matches slashes too."""
    return f"(?P<{label['name']}>{'.+' if label['greedy'] else '[^/]+'})"
