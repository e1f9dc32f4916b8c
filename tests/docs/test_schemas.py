"""docs/schemas/ says exactly what ``--json`` prints."""

import json

import pytest
from jsonschema import Draft202012Validator

from slipway.cli import schemas


@pytest.mark.parametrize("command", schemas.DOCUMENTS)
def test_the_schema_that_is_kept_is_the_one_that_is_made(command: str) -> None:
    kept = schemas.file(command).read_text("utf-8")
    assert kept == schemas.render(command), "run: python -m slipway.cli.schemas"


@pytest.mark.parametrize("command", schemas.DOCUMENTS)
def test_the_schema_is_a_schema_and_refuses_what_it_does_not_know(command: str) -> None:
    schema = json.loads(schemas.file(command).read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    assert list(Draft202012Validator(schema).iter_errors({"unknown": 1}))


@pytest.mark.parametrize("command", schemas.DOCUMENTS)
def test_every_key_is_explained_and_always_there(command: str) -> None:
    schema = json.loads(schemas.file(command).read_text("utf-8"))
    for part in (schema, *schema["$defs"].values()):
        assert set(part["required"]) == set(part["properties"])
        assert all(each.get("description") for each in part["properties"].values())


def test_every_kept_schema_is_of_a_command() -> None:
    kept = {each.name.removesuffix(".schema.json") for each in schemas.DIRECTORY.iterdir()}
    assert schemas.DOCUMENTS.keys() <= kept
