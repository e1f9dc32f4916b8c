"""Pipelines whose times can be read, and whose role may trust a list of services.

AWS answers times as numbers of seconds (CodePipeline, API_PipelineMetadata; AWS JSON 1.1). moto writes
them as text: boto3 forgives that, Terraform's provider cannot read the pipeline at all.

A trust policy names services as one word or as a list of words (IAM, reference_policies_elements_principal).
moto reads the word only, and takes a role that trusts ["codepipeline.amazonaws.com"] for one that does not.
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
    """Adds it to moto."""
    codepipeline_states.fill()
    add(models, iso_8601_datetime_with_milliseconds)
    models.CodePipelineBackend.iam_backend = property(_roles_of)  # type: ignore[assignment,method-assign]  # a property for a property


def iso_8601_datetime_with_milliseconds(value: datetime | None = None) -> float:
    """The time in seconds, in place of the text that moto's function of this name makes."""
    return (value or utcnow()).timestamp()


@dataclass(frozen=True)
class TrustingRole:
    """A role as moto's pipelines look at it: its trust policy, a statement for each service."""

    assume_role_policy_document: str


@dataclass(frozen=True)
class Roles:
    """The roles of an account, as moto's pipelines look for them."""

    iam: IAMBackend

    def get_role_by_arn(self, arn: str) -> TrustingRole:
        """The role, its trusted services told one by one."""
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
