"""A planned resource as the searches see it, and what they find of it in AWS."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from botocore import xform_name

from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError

Answer = Mapping[str, Any]  # what AWS answers has as many shapes as there are operations


class Wanted(Protocol):
    """A planned resource, whose arguments are resolved when they are asked for.

    References lead to what exists of the resource that they refer to. If nothing exists of it, an argument
    raises AbsentError: the planned resource cannot exist either.
    """

    @property
    def arguments(self) -> Mapping[str, Any]:
        """The arguments as they are written, with references."""

    def text(self, argument: str) -> str:
        """The argument as text; raises UnknownArgumentError if only Terraform can evaluate it."""

    def maybe(self, argument: str) -> str:
        """The argument as text; "" if it is not set."""

    def referring(self, type: str, argument: str) -> "Iterable[Wanted]":
        """The planned resources of a type whose argument refers to this one."""


@dataclass(frozen=True)
class Existing:
    """A resource in AWS. id: what Terraform imports it by. attributes: others that references may name.

    differs: why Terraform would replace it, so that it is not imported. Default: it would not.
    """

    id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    differs: str = ""


MADE_OF_PREFIX = r"[0-9]{18}[0-9a-f]{8}"
"""What Terraform appends to a name_prefix: a time and a counter (terraform-plugin-sdk, helper/id/id.go)."""


def named_by(wanted: "Wanted", name: str) -> str | None:
    """Whether a name is the planned one, or was made of the planned prefix: "" if so.

    If it is the prefix, or only begins with it: why Terraform would replace what has it. Else None.
    """
    prefix = wanted.maybe("name_prefix")
    if not prefix:
        return "" if name == wanted.text("name") else None
    if re.fullmatch(f"{re.escape(prefix)}{MADE_OF_PREFIX}", name):
        return ""
    if name == prefix.rstrip("-") or name.startswith(prefix):
        return f'its name is fixed, "{name}", and the stack makes names of the prefix "{prefix}"'
    return None


class AbsentError(Exception):
    """The resource that an argument refers to does not exist in AWS."""


class UnknownArgumentError(Exception):
    """Only Terraform can evaluate an argument. The text names it."""


class Reader:
    """Calls AWS, each call once."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self._answers: dict[str, Any] = {}
        self._clients: dict[str, Any] = {}

    @property
    def account(self) -> str:
        """The account of the credentials."""
        return self.aws.identity.account

    @property
    def partition(self) -> str:
        """The AWS partition of the credentials, such as ``aws``."""
        return self.aws.identity.arn.split(":")[1]

    def one(self, service: str, operation: str, *absent: str, **parameters: object) -> Answer | None:
        """AWS's answer; None if it refuses with one of the error codes ``absent``."""
        answer: Answer | None = self._once(
            service, operation, parameters, lambda: self._one(service, operation, absent, parameters)
        )
        return answer

    def all(self, service: str, operation: str, key: str, *absent: str, **parameters: object) -> list[Answer]:
        """The list with this key, of all pages; empty if AWS refuses with one of the codes ``absent``."""
        return (
            self._once(
                service, operation, parameters, lambda: self._all(service, operation, key, absent, parameters)
            )
            or []
        )

    def _once(
        self, service: str, operation: str, parameters: Mapping[str, object], ask: Callable[[], Any]
    ) -> Any:  # noqa: ANN401 - as Answer
        asked = repr((service, operation, sorted(parameters.items())))
        if asked not in self._answers:
            self._answers[asked] = ask()
        return self._answers[asked]

    def _one(
        self, service: str, operation: str, absent: tuple[str, ...], parameters: Mapping[str, object]
    ) -> Answer | None:
        try:
            answer: Answer = getattr(self._client(service), xform_name(operation))(**parameters)
        except AwsError as error:
            if error.code in absent:
                return None
            raise
        return answer

    def _all(
        self,
        service: str,
        operation: str,
        key: str,
        absent: tuple[str, ...],
        parameters: Mapping[str, object],
    ) -> list[Answer]:
        client, name = self._client(service), xform_name(operation)
        if not client.can_paginate(name):
            return list((self._one(service, operation, absent, parameters) or {}).get(key, ()))
        try:
            pages = client.get_paginator(name).paginate(**parameters)
            return [entry for page in pages for entry in page.get(key, ())]
        except AwsError as error:
            if error.code in absent:
                return []
            raise

    def _client(self, service: str) -> Any:  # noqa: ANN401 - a client of any service
        if service not in self._clients:
            typed = hasattr(type(self.aws), service)
            self._clients[service] = getattr(self.aws, service) if typed else self.aws.client(service)
        return self._clients[service]
