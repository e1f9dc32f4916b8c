"""The base class of the documents that ``--json`` prints, from which their JSON Schemas are made."""

from pydantic import BaseModel, ConfigDict

from slipway import console


class Document(BaseModel):
    """A JSON document or part of one; its fields' docstrings become the schema's descriptions."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        json_schema_serialization_defaults_required=True,
    )


def show(document: BaseModel, *, on_one_line: bool = False) -> None:
    """Print a document to stdout, in ASCII, so that it contains no control sequences."""
    console.data(document.model_dump_json(indent=None if on_one_line else 2, ensure_ascii=True))
