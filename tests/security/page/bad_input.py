"""The section on input that nobody should write: what is tried, as the tests that try it say."""

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
    """Each file of tests that makes its input up, and what holds for all of it."""
    files = [*sorted((ROOT / "tests" / "fuzz").glob("test_*.py")), *(ROOT / each for each in ELSEWHERE)]
    return f"""## Bad input

Everything that is read is tested with generated input: shell code in all kinds of quotes, line
breaks, leading dashes, paths out of the directory, links, damaged YAML, TOML, JSON and zip files. It
must cause no traceback, none of it may be run (the tests look for a file that it would create), and
nothing may be written outside of the directory.

{table(("tests", "what is tested"), (row for file in files for row in _rows(file)))}"""


def _rows(file: Path) -> Iterator[tuple[str, str]]:
    """One row for the file: the sentences that its tests with made-up input are named as."""
    tree = ast.parse(file.read_text("utf-8"))
    tests = [
        node.name.removeprefix("test_").replace("_", " ")
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and _is_given(node)
    ]
    yield code(file.relative_to(ROOT).as_posix()), "<br>".join(tests)


def _is_given(test: ast.FunctionDef) -> bool:
    """Whether hypothesis makes up its input, on the test or within it; or a seed, where a process is made."""
    return bool(re.search(r"^\s*@given\(|\bcase\(seed\)", ast.unparse(test), re.MULTILINE))
