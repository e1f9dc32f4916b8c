"""Settings with something wrong in them, and what is said of it."""

import pytest

from modules.config.load import SettingsError, settle
from tests.settings import Table, environment, table


def complaints(data: Table) -> list[str]:
    """The lines that settings with mistakes give, one each."""
    with pytest.raises(SettingsError) as raised:
        settle(data)
    first, *lines = str(raised.value).splitlines()
    count = "1 mistake" if len(lines) == 1 else f"{len(lines)} mistakes"
    assert first == f"pipeline.toml has {count}:"
    assert lines == [f"  {problem}" for problem in raised.value.problems]
    return [line.removeprefix("  ") for line in lines]


def one(**keys: object) -> Table:
    """Settings whose only environment has these keys."""
    return table(environments=[environment(**keys)])


def two(first: Table, second: Table) -> Table:
    """Settings of two environments, the second named prod over plain HTTP unless it says otherwise."""
    return table(environments=[environment(**first), environment(**{"name": "prod", **second})])


def without(key: str, data: Table) -> Table:
    """A table without one of its keys."""
    return {name: value for name, value in data.items() if name != key}


def source(**keys: object) -> Table:
    """Settings whose source has these keys beside the repository."""
    return table(source={"repository": "example/my-app", **keys})
