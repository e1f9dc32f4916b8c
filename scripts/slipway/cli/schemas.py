"""The JSON Schemas of what ``--json`` prints; ``python -m slipway.cli.schemas`` writes docs/schemas/."""

import json
from pathlib import Path

from pydantic.json_schema import GenerateJsonSchema

from slipway.console.documents import Document
from slipway.doctor.check import Examination
from slipway.releases.document import Releases
from slipway.status.model import Status

DIRECTORY = Path(__file__).parents[3] / "docs" / "schemas"
DOCUMENTS: dict[str, type[Document]] = {"doctor": Examination, "releases": Releases, "status": Status}


class _Plain(GenerateJsonSchema):
    """Without the titles that pydantic makes of field names: they say nothing that the names do not."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - pydantic passes it by name
        return False


def schema(command: str) -> dict[str, object]:
    """The schema of what a command prints. Keys that have a default are printed too: all are required."""
    made = DOCUMENTS[command].model_json_schema(schema_generator=_Plain, mode="serialization")
    return {"$schema": GenerateJsonSchema.schema_dialect, **made, "title": f"slipway {command} --json"}


def render(command: str) -> str:
    """The schema as it stands in its file; the same bytes each time."""
    return f"{json.dumps(schema(command), indent=2, ensure_ascii=False)}\n".replace("\\n", " ")


def file(command: str) -> Path:
    """Where a command's schema is kept."""
    return DIRECTORY / f"{command}.schema.json"


if __name__ == "__main__":
    DIRECTORY.mkdir(exist_ok=True)
    for name in DOCUMENTS:
        file(name).write_text(render(name), "utf-8")
