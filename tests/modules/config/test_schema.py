"""The JSON Schema for editors: current, and of one mind with the validation."""

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from modules.config.schema import FILE, render, schema
from tests.modules.config import test_mistakes_in_keys as keys
from tests.settings import DEMO, Table, environment, table, variants

MINIMAL = Path(__file__).parent / "minimal.toml"


def valid(data: object) -> bool:
    """Whether an editor would find nothing wrong."""
    return jsonschema.Draft202012Validator(schema()).is_valid(data)


def test_the_committed_schema_is_current() -> None:
    assert FILE.read_text("utf-8") == render(), "run: python -m modules.config.schema"


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_the_committed_settings_point_editors_to_it() -> None:
    assert DEMO.read_text("utf-8").splitlines()[0] == f"#:schema ./{FILE.name}"


@pytest.mark.parametrize("file", [DEMO, MINIMAL], ids=["demo", "minimal"])
def test_what_loads_is_valid(file: Path) -> None:
    assert valid(tomllib.loads(file.read_text("utf-8")))


@pytest.mark.parametrize("name", variants())
def test_every_variant_is_valid(name: str) -> None:
    assert valid(json.loads(variants()[name].model_dump_json(exclude_unset=True)))


@pytest.mark.parametrize("data", [data for data, _ in keys.MISTAKES], ids=[line for _, line in keys.MISTAKES])
def test_unknown_and_missing_keys_and_wrong_kinds_are_invalid(data: Table) -> None:
    assert not valid(data)


@pytest.mark.parametrize(
    "data",
    [
        table(service="My App"),
        table(account="12345"),
        table(region="eu-cental-1"),
        table(log_retention_days=100),
        table(hosts={"host_port": 22}),
        table(app={"tmpfs": ["tmp"]}),
        table(app={"port": 65536}),
        table(app={"health_path": "ready"}),
        table(alerts={"emails": []}),
        table(tags={f"k{n}": "" for n in range(47)}),
        table(environments=[]),
        table(environments=[environment(name="foundation")]),
        table(environments=[environment(zones=5)]),
        table(environments=[environment(instance_type="small")]),
        table(environments=[environment(deployment={"percent": 100})]),
        table(environments=[environment(alarms={"latency_seconds": 0})]),
    ],
)
def test_editors_know_patterns_and_ranges(data: Table) -> None:
    assert valid(table())
    assert not valid(data)


def test_toml_has_no_null() -> None:
    assert "null" not in render()


def test_every_key_is_described() -> None:
    made = schema()
    tables = [made, *json.loads(json.dumps(made))["$defs"].values()]
    fields = [(name, field) for each in tables for name, field in each["properties"].items()]
    assert len(fields) > 50
    assert [name for name, field in fields if not field.get("description")] == []


def test_every_key_that_may_be_left_out_says_its_default() -> None:
    made = schema()
    tables = [made, *json.loads(json.dumps(made))["$defs"].values()]
    silent = [
        name
        for table in tables
        for name, field in table["properties"].items()
        if name not in table.get("required", []) and "Default: " not in field["description"]
    ]
    assert silent == []


def test_no_default_is_said_of_a_key_that_has_to_be_there() -> None:
    made = schema()
    tables = [made, *json.loads(json.dumps(made))["$defs"].values()]
    required = [table["properties"][name] for table in tables for name in table.get("required", [])]
    assert [each for each in required if "Default" in each["description"]] == []
