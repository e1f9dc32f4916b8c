"""Sends requests to AWS."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any  # what AWS answers has as many shapes as there are operations

from botocore import xform_name

from slipway.aws.clients import Aws
from slipway.aws.requests import Request


@dataclass(frozen=True)
class Sending:
    """Sends them."""

    aws: Aws

    def send(self, request: Request) -> Mapping[str, Any]:
        """AWS's answer."""
        operation = getattr(self.aws.client(request.service), xform_name(request.operation))
        answered: Mapping[str, Any] = operation(**request.parameters)
        return answered
