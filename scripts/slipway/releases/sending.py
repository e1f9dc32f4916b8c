"""Sends requests to AWS, or only says what would be sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any  # what AWS answers has as many shapes as there are operations

from botocore import xform_name

from slipway.aws.clients import Aws
from slipway.releases.requests import Request


@dataclass(frozen=True)
class Sending:
    """Sends them."""

    aws: Aws

    def send(self, request: Request) -> Mapping[str, Any]:
        """AWS's answer."""
        operation = getattr(self.aws.client(request.service), xform_name(request.operation))
        answered: Mapping[str, Any] = operation(**request.parameters)
        return answered


@dataclass(frozen=True)
class Showing:
    """Shows each as a line of JSON, and sends none."""

    show: Callable[[str], None]

    def send(self, request: Request) -> None:
        """Nothing is asked of AWS."""
        self.show(request.line())
