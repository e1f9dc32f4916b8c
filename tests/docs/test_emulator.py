"""docs/emulator.md is what `make docs` writes, and every test that it names is there."""

import ast
import re

import pytest

from tests.docs import emulator
from tests.docs.pages import ROOT

PAGE = emulator.PAGE.read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def test_the_page_on_the_emulator_is_current() -> None:
    assert emulator.page() == PAGE, "run make docs"


@pytest.mark.parametrize(("file", "test"), sorted(set(NAMED.findall(PAGE))))
def test_a_test_that_it_names_is_there(file: str, test: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
    assert any(function.startswith("test_") for function in functions)
    assert not test or test in functions
