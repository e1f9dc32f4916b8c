"""docs/schemas/ says exactly what commands print for programs."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from jsonschema import Draft202012Validator

from slipway.cli import schemas
from slipway.cli.app import app

KEPT = {name: json.loads(schemas.file(name).read_text("utf-8")) for name in schemas.TITLES}


def commands(group: Any, names: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - click's
    """Every command that can be typed, with the names of its options."""
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "list_commands"):
            yield from commands(command, (*names, name))
        else:
            yield " ".join((*names, name)), {option for param in command.params for option in param.opts}


@pytest.mark.parametrize("name", schemas.TITLES)
def test_the_schema_that_is_kept_is_current(name: str) -> None:
    assert schemas.file(name).read_text("utf-8") == schemas.render(name), "run: make docs/schema"


def test_every_command_that_prints_json_has_a_schema() -> None:
    found = {name for name, options in commands(typer.main.get_command(app)) if "--json" in options}
    assert found == schemas.PRINTED.keys()


def test_every_kept_schema_is_of_something_that_is_printed() -> None:
    assert set(schemas.DIRECTORY.iterdir()) == {schemas.file(name) for name in schemas.TITLES}


@pytest.mark.parametrize("name", KEPT)
def test_nothing_else_is_printed(name: str) -> None:
    Draft202012Validator.check_schema(KEPT[name])
    assert list(Draft202012Validator(KEPT[name]).iter_errors({"unknown": 1}))


@pytest.mark.parametrize("name", KEPT)
def test_every_key_is_explained_and_always_there(name: str) -> None:
    parts = [KEPT[name], *KEPT[name].get("$defs", {}).values()]
    for part in [each for each in parts if each["type"] == "object"]:
        assert part["additionalProperties"] is False
        assert set(part["required"]) == set(part["properties"])
        assert all(each.get("description") for each in part["properties"].values())
