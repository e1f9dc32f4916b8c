"""The variables of one environment in Parameter Store, and the requests that read and change them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from modules.config.names import EnvironmentNames
from slipway.console.errors import SlipwayError
from slipway.parameters.rules import wrong_name, wrong_value

if TYPE_CHECKING:
    from mypy_boto3_ssm.client import SSMClient
    from mypy_boto3_ssm.type_defs import (
        DeleteParameterRequestTypeDef,
        ParameterTypeDef,
        PutParameterRequestTypeDef,
    )


@dataclass(frozen=True)
class Variable:
    """A variable as it is stored.

    value: None if it is a secret that was not asked for.
    """

    name: str
    type: str
    value: str | None
    version: int
    changed: datetime

    @property
    def secret(self) -> bool:
        """Whether it is encrypted."""
        return self.type == "SecureString"

    @property
    def problem(self) -> str | None:
        """Why it would stop the next deployment; None if it would not, as far as can be seen."""
        return wrong_name(self.name) or (wrong_value(self.value) if self.value is not None else None)


@dataclass(frozen=True)
class Store:
    """Reads and changes the parameters below one environment's path."""

    ssm: "SSMClient"
    names: EnvironmentNames

    def all(self, *, reveal: bool) -> list[Variable]:
        """Every variable, by name. Secrets are decrypted only if they are to be revealed."""
        pages = self.ssm.get_paginator("get_parameters_by_path").paginate(
            Path=self.names.parameter_path, Recursive=True, WithDecryption=reveal
        )
        found = [self._variable(each, reveal=reveal) for page in pages for each in page["Parameters"]]
        return sorted(found, key=lambda each: each.name)

    def one(self, name: str, *, reveal: bool) -> Variable | None:
        """One variable; None if there is none of the name."""
        try:
            answer = self.ssm.get_parameter(Name=self.path(name), WithDecryption=reveal)
        except self.ssm.exceptions.ParameterNotFound:
            return None
        return self._variable(answer["Parameter"], reveal=reveal)

    def path(self, name: str) -> str:
        """A variable's whole name in Parameter Store."""
        return f"{self.names.parameter_path}/{name}"

    def put_request(self, name: str, value: str, *, secret: bool, new: bool) -> "PutParameterRequestTypeDef":
        """What is asked to set it. A new one overwrites nothing that somebody else has just set."""
        request: PutParameterRequestTypeDef = {
            "Name": self.path(name),
            "Value": value,
            "Type": "SecureString" if secret else "String",
            "Overwrite": not new,
            "Tier": "Standard",
        }
        if secret:
            request["KeyId"] = self.names.key_alias
        return request

    def put(self, request: "PutParameterRequestTypeDef") -> int:
        """Set it; its version."""
        try:
            return self.ssm.put_parameter(**request)["Version"]
        except self.ssm.exceptions.InvalidKeyId as error:
            raise SlipwayError(
                f"the key {self.names.key_alias} cannot be used",
                why=str(error.response.get("Error", {}).get("Message", "")) or "there is none of that name",
                then=f"apply {self.names.stack}, which makes it",
            ) from None
        except self.ssm.exceptions.ParameterAlreadyExists:
            raise SlipwayError(
                f"somebody else has just set {request['Name']}", then="look at it, then try again"
            ) from None

    def delete_request(self, name: str) -> "DeleteParameterRequestTypeDef":
        """What is asked to delete it."""
        return {"Name": self.path(name)}

    def _variable(self, parameter: "ParameterTypeDef", *, reveal: bool) -> Variable:
        hidden = parameter["Type"] == "SecureString" and not reveal
        return Variable(
            name=parameter["Name"].removeprefix(self.names.parameter_path).lstrip("/"),
            type=parameter["Type"],
            value=None if hidden else parameter["Value"],
            version=parameter["Version"],
            changed=parameter["LastModifiedDate"],
        )
