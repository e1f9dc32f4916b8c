"""The base of what ``--json`` prints: one documented shape, from which its JSON Schema is made."""

from pydantic import BaseModel, ConfigDict


class Document(BaseModel):
    """Part of a JSON document: no key that its schema does not have, each with its words."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        json_schema_serialization_defaults_required=True,
    )

    def as_json(self) -> str:
        """The document as ``--json`` prints it."""
        return self.model_dump_json(indent=2)
