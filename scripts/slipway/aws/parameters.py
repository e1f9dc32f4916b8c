"""The variables of one environment in Parameter Store, and the requests that read and change them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from modules.config.names import EnvironmentNames
from slipway.aws.clients import Aws
from slipway.aws.errors import RefusedError
from slipway.aws.requests import Request
from slipway.console.errors import SlipwayError

if TYPE_CHECKING:
    from mypy_boto3_ssm.type_defs import ParameterTypeDef


@dataclass(frozen=True)
class Variable:
    """A variable as it is stored.

    value: None if it is a secret that was not requested.
    """

    name: str
    type: str
    value: str | None
    version: int
    changed: datetime

    @property
    def secret(self) -> bool:
        """Whether it is a secret: encrypted (SecureString)."""
        return self.type == "SecureString"


@dataclass(frozen=True)
class Parameters:
    """Reads and changes the parameters below one environment's path."""

    aws: Aws
    names: EnvironmentNames

    def all(self, *, reveal: bool) -> list[Variable]:
        """All variables, sorted by name.

        reveal: whether to decrypt secrets; without it their value is None.
        """
        pages = self.aws.ssm.get_paginator("get_parameters_by_path").paginate(
            Path=self.names.parameter_path, Recursive=True, WithDecryption=reveal
        )
        found = [
            self._variable(parameter, reveal=reveal) for page in pages for parameter in page["Parameters"]
        ]
        return sorted(found, key=lambda variable: variable.name)

    def one(self, name: str, *, reveal: bool) -> Variable | None:
        """One variable; None if it does not exist. reveal: whether to decrypt a secret."""
        try:
            answer = self.aws.ssm.get_parameter(Name=self.path(name), WithDecryption=reveal)
        except RefusedError as error:
            if error.code == "ParameterNotFound":
                return None
            raise
        return self._variable(answer["Parameter"], reveal=reveal)

    def path(self, name: str) -> str:
        """A variable's full name in Parameter Store, with its path."""
        return f"{self.names.parameter_path}/{name}"

    def put_request(self, name: str, value: str, *, secret: bool, new: bool) -> Request:
        """The request to set a variable. new: refuse to overwrite, if it was created in the meantime."""
        parameters: dict[str, object] = {
            "Name": self.path(name),
            "Value": value,
            "Type": "SecureString" if secret else "String",
            "Overwrite": not new,
            "Tier": "Standard",
        }
        if secret:
            parameters["KeyId"] = self.names.key
        return Request(service="ssm", operation="PutParameter", parameters=parameters)

    def put(self, request: Request) -> int:
        """Send a request to set a variable.

        Returns its version. Raises SlipwayError if its key is unusable.
        """
        try:
            version: int = request.send(self.aws)["Version"]
        except RefusedError as error:
            if error.code == "InvalidKeyId":
                raise SlipwayError(
                    f"the key {self.names.key} cannot be used",
                    why=error.message,
                    then="slipway doctor checks it"
                    if self.names.key_arn
                    else f"apply {self.names.stack}, which creates it",
                ) from None
            if error.code == "ParameterAlreadyExists":
                raise SlipwayError(
                    f"{request.parameters['Name']} was set in the meantime; nothing was changed",
                    why="it did not exist when this command began",
                    then="slipway config get NAME shows it; run this command again to overwrite it",
                ) from None
            raise
        return version

    def delete_request(self, name: str) -> Request:
        """The request to delete a variable."""
        return Request(service="ssm", operation="DeleteParameter", parameters={"Name": self.path(name)})

    def _variable(self, parameter: "ParameterTypeDef", *, reveal: bool) -> Variable:
        hidden = parameter["Type"] == "SecureString" and not reveal
        return Variable(
            name=parameter["Name"].removeprefix(self.names.parameter_path).lstrip("/"),
            type=parameter["Type"],
            value=None if hidden else parameter["Value"],
            version=parameter["Version"],
            changed=parameter["LastModifiedDate"],
        )
