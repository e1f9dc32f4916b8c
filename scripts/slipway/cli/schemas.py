"""The JSON Schemas of what commands print; ``python -m slipway.cli.schemas`` writes docs/schemas/."""

import dataclasses
import json
from pathlib import Path

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from typing_extensions import is_typeddict

from plan_review import counts
from plan_review.render import document
from slipway.account_rehearsal.record import AccountRehearsal
from slipway.adopt.document import Adoption
from slipway.cli.answer_approval import ApprovalAnswer
from slipway.cli.dry_run import PlannedCall
from slipway.cli.permissions import PolicyDocument
from slipway.cli.resume import ResumeOutcome
from slipway.console.documents import Document
from slipway.doctor.check import Examination
from slipway.hosts.document import HostList, HostRenewal
from slipway.logs.line import LogLine
from slipway.parameters.document import VariableDeleted, VariableList, VariableSet, VariableState
from slipway.releases.document import Releases
from slipway.releases.watch import DeploymentOutcome
from slipway.status.model import Status

DIRECTORY = Path(__file__).parents[3] / "docs" / "schemas"
PRINTED: dict[str, type[BaseModel]] = {
    "adopt": Adoption,
    "approve": ApprovalAnswer,
    "config delete": VariableDeleted,
    "config get": VariableState,
    "config list": VariableList,
    "config set": VariableSet,
    "deploy": DeploymentOutcome,
    "doctor": Examination,
    "hosts list": HostList,
    "hosts renew": HostRenewal,
    "logs": LogLine,
    "permissions": PolicyDocument,
    "reject": ApprovalAnswer,
    "rehearse": AccountRehearsal,
    "releases": Releases,
    "resume": ResumeOutcome,
    "rollback": DeploymentOutcome,
    "status": Status,
    "watch": DeploymentOutcome,
}
"""The document that each command prints with ``--json``; logs prints one on each line."""

TITLES = {name: f"slipway {name} --json" for name in PRINTED} | {
    "dry-run": "A line that a command prints with --dry-run",
    "review": "slipway review --format json",
}


class _Plain(GenerateJsonSchema):
    """Leaves out the titles that pydantic makes from field names, which add nothing."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - pydantic passes it by name
        return False


def schema(name: str) -> dict[str, object]:
    """The JSON Schema of a document. All keys are required, because keys with a default are printed too."""
    made = _type(name).json_schema(schema_generator=_Plain, mode="serialization")
    return {"$schema": GenerateJsonSchema.schema_dialect, **made, "title": TITLES[name]}


def _type(name: str) -> TypeAdapter[object]:
    if name == "dry-run":
        return TypeAdapter(PlannedCall)
    if name == "review":
        return TypeAdapter(_configured())
    return TypeAdapter(PRINTED[name])


def _configured() -> type:
    """The type of the review's document, with the strict configuration of ``Document`` for all its types."""
    for type_ in (*vars(document).values(), counts.Counts):
        if is_typeddict(type_) or dataclasses.is_dataclass(type_):
            type_.__pydantic_config__ = Document.model_config
    return document.ReviewDocument


def render(name: str) -> str:
    """The text of a schema's file; the same bytes each time."""
    return f"{json.dumps(schema(name), indent=2, ensure_ascii=False)}\n".replace("\\n", " ")


def file(name: str) -> Path:
    """The path of a document's schema."""
    return DIRECTORY / f"{name.replace(' ', '-')}.schema.json"


if __name__ == "__main__":
    DIRECTORY.mkdir(exist_ok=True)
    for known in TITLES:
        file(known).write_text(render(known), "utf-8")
