"""Requests for tests, as they are once they are understood."""

from moto.core.utils import get_service_model

from local.emulator.strict.requests import Asked
from tests.local.emulator.clients import REGION

PROTOCOLS = {"query": "query", "ec2": "ec2", "rest-xml": "rest-xml"}


def request(call: str, **parameters: object) -> Asked:
    """The call, as in ``ecr:CreateRepository``, with these parameters."""
    service, operation = call.split(":")
    model = get_service_model(service)
    protocol = PROTOCOLS.get(str(model.protocol), "json")
    return Asked(service, REGION, model.operation_model(operation), protocol, parameters)
