"""The base of what ``--json`` prints: one documented shape, from which its JSON Schema is made."""

from pydantic import BaseModel, ConfigDict

from slipway import console


class Document(BaseModel):
    """Part of a JSON document: no key that its schema does not have, each with its words."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        json_schema_serialization_defaults_required=True,
    )


def show(document: BaseModel, *, on_one_line: bool = False) -> None:
    """Print a document on standard output. In ASCII: nothing in it is an order to a terminal."""
    console.data(document.model_dump_json(indent=None if on_one_line else 2, ensure_ascii=True))
