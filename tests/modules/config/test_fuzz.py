"""Whatever a file holds, it gives settings or a message in one line for each mistake; never a traceback."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.config.load import SettingsError, parse, settle, warnings
from modules.config.names import Names
from modules.config.settings import (
    Access,
    Alerts,
    App,
    Egress,
    Environment,
    PipelineSettings,
    Registry,
    Source,
    Thresholds,
)
from tests.settings import Table, environment, table

TABLES = (PipelineSettings, App, Source, Alerts, Registry, Access, Environment, Egress, Thresholds)
KEYS = sorted(
    {name for each in TABLES for name in each.model_fields}
    | {"hosts", "percent", "zone_minutes", "bucket", "key", "<speed>"}
)

leaves = st.one_of(
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.sampled_from(
        ["10.0.0.0/16", "example.com", "one_at_a_time", "arm64", "t4g.small", "prod", "eu-west-1"]
    ),
)
keys = st.sampled_from(KEYS) | st.text(max_size=8)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=8
)


def outcome(data: Table) -> PipelineSettings | SettingsError:
    """What data gives; anything else that it raises fails the test."""
    try:
        return settle(data)
    except SettingsError as error:
        return error


def judge(data: Table) -> None:
    """Loads, or refuses in plain lines; what loads has names and advice."""
    given = outcome(data)
    if isinstance(given, PipelineSettings):
        assert all(len(each.name) <= each.limit for each in Names.of(given).limited())
        assert all(line.isprintable() for line in warnings(given))
        return
    lines = str(given).splitlines()
    assert len(lines) == 1 + len(given.problems) > 1
    assert all(line.startswith("  ") and line.isprintable() for line in lines[1:])
    assert "Input should" not in str(given)


def places(data: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path in the data."""
    if isinstance(data, dict):
        return [at, *(path for key, value in data.items() for path in places(value, (*at, key)))]
    if isinstance(data, list):
        return [at, *(path for n, value in enumerate(data) for path in places(value, (*at, n)))]
    return [at]


def good() -> Table:
    """Settings with a value in most places, so that a change meets the checks between them."""
    return table(
        tags={"team": "a"},
        app={"port": 80, "architecture": "arm64"},
        registry={"administrators": [], "keep_images": 10},
        access={"github_subjects": ["repo:a/b:*"]},
        environments=[
            environment(zones=["eu-central-1a"], deployment={"hosts": 1}, alarms={"alb_5xx": 1}),
            environment(name="prod", cidr="10.30.0.0/24", domain="a.example.com", hosted_zone="example.com"),
        ],
    )


@settings(max_examples=200, derandomize=True, database=None)
@given(st.dictionaries(keys, values, max_size=8))
def test_any_structure_gives_settings_or_a_message(data: Table) -> None:
    judge(data)


@settings(max_examples=400, derandomize=True, database=None)
@given(st.data())
def test_a_valid_file_with_some_values_replaced_gives_settings_or_a_message(data: st.DataObject) -> None:
    changed = deepcopy(good())
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from([path for path in places(changed) if path]))
        inner: object = changed
        for part in way:
            inner = inner[part]  # type: ignore[index]  # the path was just found there
        inner[last] = data.draw(values)  # type: ignore[index]  # the same
        if data.draw(st.booleans()) and isinstance(inner, dict):
            inner[data.draw(keys)] = data.draw(values)
    judge(changed)


@settings(max_examples=200, derandomize=True, database=None)
@given(st.text(alphabet='abz=[]{}".,\n 019_-#', max_size=60))
def test_any_text_without_the_required_keys_gives_a_message(text: str) -> None:
    with pytest.raises(SettingsError) as raised:  # it has too few letters for a key that must be there
        parse(text)
    assert raised.value.problems
