"""The JSON Schema of pipeline.toml, for editors; ``python -m modules.config.schema`` writes it."""

import ast
import inspect
import json
from pathlib import Path

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from modules.config import settings
from modules.config.settings import PipelineSettings

FILE = Path(__file__).parents[2] / "pipeline.schema.json"


class _ForToml(GenerateJsonSchema):
    """JSON Schema as TOML needs it: there is no null, a key that is not wanted is left out."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        found = super().default_schema(schema)
        return {
            key: _without_null(value) for key, value in found.items() if (key, value) != ("default", None)
        }

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - pydantic passes it by name
        return False


def _without_null(value: object) -> object:
    return (
        {key: each for key, each in value.items() if each is not None} if isinstance(value, dict) else value
    )


def render() -> str:
    """The schema, as it stands in pipeline.schema.json; the same bytes each time."""
    return f"{json.dumps(schema(), indent=2, ensure_ascii=False)}\n"


def schema() -> dict[str, object]:
    """The schema of pipeline.toml."""
    made = PipelineSettings.model_json_schema(schema_generator=_ForToml)
    tables = {**made.pop("$defs"), PipelineSettings.__name__: made}
    for name, fields in _docstrings().items():
        for field, words in fields.items():
            tables[name]["properties"][field]["description"] = words
    # What it is depends on app.architecture; the description says so.
    del tables["Environment"]["properties"]["instance_type"]["default"]
    del tables[PipelineSettings.__name__]
    return {"$schema": GenerateJsonSchema.schema_dialect, **made, "title": "pipeline.toml", "$defs": tables}


def _docstrings() -> dict[str, dict[str, str]]:
    """The docstring beneath each field of each table: Python keeps them in the source alone.

    Pydantic could read them as well, but would do so at each import, which takes longer than all the
    rest of it.
    """
    classes = [each for each in ast.parse(inspect.getsource(settings)).body if isinstance(each, ast.ClassDef)]
    return {klass.name: _fields(klass) for klass in classes if klass.name != "Settings"}


def _fields(table: ast.ClassDef) -> dict[str, str]:
    found = {}
    for field, words in zip(table.body, table.body[1:], strict=False):
        match field, words:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(docstring))),
            ):
                found[name] = inspect.cleandoc(docstring).replace("\n", " ")
    return found


if __name__ == "__main__":
    FILE.write_text(render(), "utf-8")
