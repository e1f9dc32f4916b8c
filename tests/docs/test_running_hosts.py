"""docs/settings-on-running-hosts.md: every setting has a row, and each row is what really happens."""

from collections.abc import Iterator
from typing import get_args

import pytest
from pydantic import BaseModel

from modules.config import provider
from modules.config.settings import PipelineSettings
from tests.docs import running_hosts
from tests.docs.running_hosts import ROWS, Row


def test_the_page_on_running_hosts_is_current() -> None:
    assert running_hosts.page() == running_hosts.PAGE.read_text(encoding="utf-8"), "run make docs"


@pytest.mark.parametrize("row", ROWS, ids=[row.path for row in ROWS])
def test_each_row_says_what_happens(row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    if "provider 6" in row.remark:
        monkeypatch.setattr(provider, "VERSION", "6.0.0")
    assert running_hosts.happens(row) == row.happens


def test_every_setting_has_a_row() -> None:
    assert sorted({row.path for row in ROWS}) == sorted(settings(PipelineSettings))


def settings(table: type[BaseModel], within: str = "") -> Iterator[str]:
    """The path of every setting of a table and those below; a list of tables counts as its table."""
    for name, field in table.model_fields.items():
        below = list(tables(field.annotation))
        for each in below:
            yield from settings(each, f"{within}{name}.")
        if not below or name == "deployment":  # which may be a word, too
            yield f"{within}{name}"


def tables(kind: object) -> Iterator[type[BaseModel]]:
    """The tables in an annotation, at any depth."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for argument in get_args(kind):
        yield from tables(argument)
