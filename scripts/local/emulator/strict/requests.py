"""Parses requests to AWS with moto's parsers and AWS's API models.

A request has a service (its signature names it), an operation and a protocol.
"""

from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any  # a request's parameters

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS, RequestDict
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

from local.emulator.call_recorder import CREDENTIAL, body_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

SIGNED_AS = {
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "servicequotas": "service-quotas",
}
"""Services whose name in signatures differs from their model's."""


@dataclass(frozen=True)
class Asked:
    """One request. parameters: by the names of AWS's model."""

    service: str
    region: str
    operation: OperationModel
    protocol: str
    parameters: dict[str, Any]

    @property
    def name(self) -> str:
        """The operation as IAM names it, such as ``codepipeline:CreatePipeline``."""
        return f"{self.service}:{self.operation.name}"


class UnreadableError(Exception):
    """The parameters do not have the types of the model."""

    def __init__(self, asked: Asked, why: Exception) -> None:
        super().__init__(f"{type(why).__name__}: {why}")
        self.asked = asked


def asked(environ: "WSGIEnvironment") -> Asked | None:
    """The parsed request; None if it is not signed, or there is no such operation.

    Raises UnreadableError.
    """
    credential = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if credential is None:
        return None
    service = SIGNED_AS.get(credential["service"], credential["service"])
    request, body = _copied(environ)
    try:
        model: ServiceModel = get_service_model(service)
        protocol = determine_request_protocol(model, request.content_type)
        operation, labels = get_service_router(service).match(request)
    except (UnknownServiceError, OperationNotFoundError, NotFound, NotImplementedError):
        return None
    parts: RequestDict = {
        "method": request.method,
        "values": request.values,
        "headers": request.headers,
        "body": body,
        "url_path": request.path,
        "url_params": labels,
    }
    found = Asked(service, credential["region"], operation, protocol, {})
    try:
        parsed = PROTOCOL_PARSERS[protocol](operation).parse(parts)
    except Exception as problem:
        raise UnreadableError(found, problem) from problem
    return replace(found, parameters=parsed)


def _copied(environ: "WSGIEnvironment") -> tuple[Request, bytes]:
    """A copy of the request that can be read without consuming moto's, and its body."""
    body = body_of(environ)
    copy = {**environ, "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    return Request(copy, populate_request=False), body
