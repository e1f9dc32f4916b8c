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
    """Generates JSON Schema for TOML, which has no null: a key without a value is left out."""

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
        {key: entry for key, entry in value.items() if entry is not None}
        if isinstance(value, dict)
        else value
    )


def render() -> str:
    """Return the text of pipeline.schema.json; the same bytes every time."""
    return f"{json.dumps(schema(), indent=2, ensure_ascii=False)}\n"


def schema() -> dict[str, object]:
    """Return the JSON Schema of pipeline.toml."""
    made = PipelineSettings.model_json_schema(schema_generator=_ForToml)
    tables = {**made.pop("$defs"), PipelineSettings.__name__: made}
    for name, fields in _docstrings().items():
        for field, words in fields.items():
            tables[name]["properties"][field]["description"] = words
    tables["Environment"]["oneOf"] = [{"required": ["cidr"]}, {"required": ["network"]}]
    tables["Alerts"]["oneOf"] = [{"required": ["emails"]}, {"required": ["topic_arn"]}]
    # The default depends on app.architecture, as the description says.
    del tables["Environment"]["properties"]["instance_type"]["default"]
    del tables[PipelineSettings.__name__]
    return {"$schema": GenerateJsonSchema.schema_dialect, **made, "title": "pipeline.toml", "$defs": tables}


def _docstrings() -> dict[str, dict[str, str]]:
    """Return the docstrings of fields by table and field; Python keeps them only in the source.

    Pydantic could read them too, but at every import, which would take longer than the rest of the import.
    """
    parsed = ast.parse(inspect.getsource(settings))
    classes = [statement for statement in parsed.body if isinstance(statement, ast.ClassDef)]
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
