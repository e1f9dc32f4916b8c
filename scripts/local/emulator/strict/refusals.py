"""Answers refusals as AWS does, in the protocol of the request.

Error codes for what an API model does not allow: CommonErrors in each service's API reference (query
services: ValidationError, JSON services: ValidationException), and the exceptions of services that have their
own.
"""

from typing import TYPE_CHECKING

from moto.core.exceptions import ServiceException
from moto.core.model import OperationModel, ServiceModel
from moto.core.serialize import get_serializer_class

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse

    from local.emulator.strict.requests import Asked

BY_PROTOCOL = {"json": "ValidationException", "rest-json": "ValidationException", "query": "ValidationError"}
BY_SERVICE = {
    "codebuild": "InvalidInputException",  # codebuild/latest/APIReference/API_CreateProject
    "ec2": "InvalidParameterValue",  # AWSEC2/latest/APIReference/errors-overview
    "ecr": "InvalidParameterException",  # AmazonECR/latest/APIReference/API_CreateRepository
    "logs": "InvalidParameterException",  # AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup
    "route53": "InvalidInput",  # Route53/latest/APIReference/API_ChangeResourceRecordSets
    "s3": "InvalidArgument",  # AmazonS3/latest/API/ErrorResponses
}
STATUS = "400 Bad Request"


class Refusal(ServiceException):
    """What AWS would refuse: the error code and the message."""


def invalid(asked: "Asked", words: str) -> Refusal:
    """The refusal of a value that the API model does not allow."""
    code = BY_SERVICE.get(asked.service) or BY_PROTOCOL.get(asked.protocol, "ValidationError")
    return Refusal(code, words)


def answer(asked: "Asked", refusal: Refusal, start_response: "StartResponse") -> "Iterable[bytes]":
    """The refusal as an HTTP response."""
    model = asked.operation.service_model
    assert isinstance(model, ServiceModel)
    assert isinstance(asked.operation, OperationModel)
    serializer = get_serializer_class(asked.service, asked.protocol)(operation_model=asked.operation)
    made = serializer.serialize(refusal)
    body = made["body"] if isinstance(made["body"], bytes) else str(made["body"]).encode()
    headers = {**made["headers"], "Content-Length": str(len(body)), "x-amzn-RequestId": "refused"}
    start_response(STATUS, [(name, str(value)) for name, value in headers.items()])
    return [body]
