"""Pipelines with readable times, and roles that trust a list of services.

AWS returns times as numbers of seconds (CodePipeline, API_PipelineMetadata; AWS JSON 1.1). moto returns text:
boto3 accepts that, but Terraform's provider cannot read the pipeline.

A trust policy names services as a string or a list of strings (IAM, reference_policies_elements_principal).
moto reads only a string, and refuses a role that trusts ["codepipeline.amazonaws.com"].
"""

import json
from dataclasses import dataclass
from datetime import datetime

from moto.codepipeline import models
from moto.core.utils import utcnow
from moto.iam.models import IAMBackend, iam_backends

from local.emulator.gaps import codepipeline_states
from local.emulator.gaps.patching import add


def fill() -> None:
    """Patches moto's pipelines: times, trust policies and states."""
    codepipeline_states.fill()
    add(models, iso_8601_datetime_with_milliseconds)
    models.CodePipelineBackend.iam_backend = property(_roles_of)  # type: ignore[assignment,method-assign]  # a property for a property


def iso_8601_datetime_with_milliseconds(value: datetime | None = None) -> float:
    """The time in seconds; replaces moto's function of this name, which returns text."""
    return (value or utcnow()).timestamp()


@dataclass(frozen=True)
class TrustingRole:
    """A role as moto's pipelines read it: its trust policy with one statement per service."""

    assume_role_policy_document: str


@dataclass(frozen=True)
class Roles:
    """The roles of an account, as moto's pipelines look them up."""

    iam: IAMBackend

    def get_role_by_arn(self, arn: str) -> TrustingRole:
        """The role, with one statement for each service that it trusts."""
        trust = json.loads(self.iam.get_role_by_arn(arn).assume_role_policy_document)
        services = [
            service for statement in trust["Statement"] for service in _services(statement["Principal"])
        ]
        statements = [{"Principal": {"Service": service}} for service in services]
        return TrustingRole(json.dumps({"Statement": statements}))


def _services(principal: dict[str, str | list[str]]) -> list[str]:
    services = principal.get("Service", [])
    return [services] if isinstance(services, str) else services


def _roles_of(backend: models.CodePipelineBackend) -> Roles:
    return Roles(iam_backends[backend.account_id][backend.partition])
