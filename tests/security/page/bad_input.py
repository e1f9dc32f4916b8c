"""The section on bad input: what the tests check, by their names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.security.page.markdown import code, table

ROOT = Path(__file__).parents[3]
ELSEWHERE = (
    "tests/modules/config/test_fuzz.py",
    "tests/plan_review/test_any_plan.py",
    "tests/plan_review/test_broken_plans.py",
)


def section() -> str:
    """A table of the test files with generated input."""
    files = [*sorted((ROOT / "tests" / "fuzz").glob("test_*.py")), *(ROOT / each for each in ELSEWHERE)]
    return f"""## Bad input

All code that reads input is tested with generated input: shell code in all kinds of quotes, line
breaks, leading dashes, paths out of the directory, links, damaged YAML, TOML, JSON and zip files. The
input must cause no traceback, must not be executed (the tests look for a file that it would create),
and must not write files outside of the directory.

{table(("tests", "what is tested"), (row for file in files for row in _rows(file)))}"""


def _rows(file: Path) -> Iterator[tuple[str, str]]:
    """One row for the file: the names of its tests with generated input, as sentences."""
    tree = ast.parse(file.read_text("utf-8"))
    tests = [
        node.name.removeprefix("test_").replace("_", " ")
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and _is_given(node)
    ]
    yield code(file.relative_to(ROOT).as_posix()), "<br>".join(tests)


def _is_given(test: ast.FunctionDef) -> bool:
    """Whether hypothesis generates the test's input, or a seed does."""
    return bool(re.search(r"^\s*@given\(|\bcase\(seed\)", ast.unparse(test), re.MULTILINE))
