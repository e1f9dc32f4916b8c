"""The list of mutants is whole, and its runner tells a test that failed for a mutant from everything else."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from tests.mutants import run
from tests.mutants.run import FIELDS, ROOT, Laboratory, Mutant, Refused, mutants
from tests.waiting import wait_until

LISTED = mutants(ROOT)
PRODUCT = ("app", "constructs_lib", "modules", "scripts")

PYPROJECT = """
[tool.pytest.ini_options]
pythonpath = ["."]
addopts = ["--import-mode=importlib"]
"""
TESTS = """
import time

import pytest
from product import double

def test_doubles():
    assert double(2) == 4

def test_is_a_function():
    assert callable(double)

@pytest.mark.parametrize("number", [0, 2])
def test_is_even(number):
    assert double(number) % 4 == 0

@pytest.fixture
def doubled():
    assert double(2) == 4

def test_has_what_it_needs(doubled):
    pass

def test_fails_always():
    assert False

@pytest.mark.skipif("True", reason="not here")
def test_is_skipped():
    assert double(2) == 4

def test_takes_long():
    open(".running", "w").close()
    time.sleep(600)
"""


def entry(name: str, *tests: str, old: str = "number * 2", new: str = "number * 3") -> str:
    """One mutant of the list, as it is written."""
    listed = ", ".join(f'"tests/test_product.py::{test}"' for test in tests)
    return f"""
[{name}]
breaks = "It does not double."
file = "product/__init__.py"
old = '''{old}'''
new = '''{new}'''
tests = [{listed}]
"""


KILLED = entry("killed", "test_doubles", "test_is_even")
SURVIVES = entry("survives", "test_doubles", "test_is_a_function")
ERRORS = (
    ("found 0 times", entry("old-text-is-gone", "test_doubles", old="number * 4")),
    ("found 2 times", entry("old-text-is-there-twice", "test_doubles", old="number")),
    ("its new text is its old text", entry("changes-nothing", "test_doubles", new="number * 2")),
    ("there is no gone/", entry("file-is-gone", "test_doubles").replace("product/", "gone/")),
    ("cannot be read", entry("is-no-python", "test_doubles", new="number *")),
    ("no test was judged", entry("cannot-be-collected", "test_doubles", new="number\n\nnothing")),
    ("neither passed nor failed", entry("fails-in-a-fixture", "test_has_what_it_needs")),
    ("does not pass without the mutant", entry("fails-always", "test_doubles", "test_fails_always")),
    ("does not pass without the mutant", entry("is-skipped", "test_is_skipped")),
    ("no test was judged", entry("test-is-not-there", "test_that_is_not_there")),
)
"""Mutants of which nothing can be said, each with what is said of it."""


@pytest.fixture(autouse=True)
def few_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pytest start at once: what the tests of the product stand on needs none."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def project(root: Path, *entries: str) -> Path:
    """A product of one function, its tests, and a list of mutants."""
    for file, text in {
        "pyproject.toml": PYPROJECT,
        "product/__init__.py": "def double(number):\n    return number * 2\n",
        "tests/test_product.py": TESTS,
        run.LIST: "".join(entries),
    }.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text)
    subprocess.run(["git", "init", "--quiet", root], check=True)
    return root


def tried_out(root: Path, *entries: str, arguments: Sequence[str] = ()) -> tuple[int, str]:
    """The exit code of a run, and what it printed."""
    with redirect_stdout(io.StringIO()) as printed:
        code = run.main(arguments, project(root, *entries))
    return code, printed.getvalue()


# --- The list ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mutant", LISTED, ids=lambda each: each.name)
def test_a_mutant_can_be_made_and_its_tests_are_there(mutant: Mutant) -> None:
    mutant.applied_to((ROOT / mutant.file).read_text())
    for test in mutant.tests:
        file, function = test.split("::")
        assert f"\ndef {function}(" in (ROOT / file).read_text(), test


def test_every_part_of_the_product_is_broken_twice_at_least() -> None:
    files = [Path(each.file) for each in LISTED]
    count = {part: sum(file.is_relative_to(part) for file in files) for part in PRODUCT}
    assert {part: number for part, number in count.items() if number < 2} == {}


# --- The runner --------------------------------------------------------------------------------------------


def test_a_mutant_for_which_its_tests_fail_is_killed_and_the_checkout_stays_as_it_is(tmp_path: Path) -> None:
    code, printed = tried_out(tmp_path, KILLED)

    assert code == 0, printed
    assert "\nkilled    killed " in printed
    assert "number * 2" in (tmp_path / "product" / "__init__.py").read_text()


def test_a_mutant_with_which_one_of_its_tests_passes_has_survived(tmp_path: Path) -> None:
    code, printed = tried_out(tmp_path, KILLED, SURVIVES, arguments=["-k", "survives"])

    assert code == 1, printed
    assert "\nSURVIVED  survives " in printed
    assert (
        "passed with it: tests/test_product.py::test_is_a_function\n0 killed, 1 SURVIVED, 0 ERROR" in printed
    )


def test_what_is_no_failure_of_the_tests_for_the_mutant_is_an_error(tmp_path: Path) -> None:
    code, printed = tried_out(tmp_path, *(each for _, each in ERRORS), KILLED)

    assert code == 2, printed
    assert f"1 killed, 0 SURVIVED, {len(ERRORS)} ERROR" in printed
    for (why, _), shown in zip(ERRORS, printed.split("\nERROR ")[1:], strict=True):
        assert why in shown


def test_a_name_that_no_mutant_has_is_an_error(tmp_path: Path) -> None:
    code, printed = tried_out(tmp_path, KILLED, arguments=["-k", "other"])

    assert (code, printed) == (2, "ERROR: no mutant's name contains 'other'\n")


@pytest.mark.parametrize("field", FIELDS)
def test_an_entry_that_is_not_whole_is_refused(tmp_path: Path, field: str) -> None:
    lines = KILLED.splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith(f"{field} "))
    with pytest.raises(Refused, match="killed has to have"):
        mutants(project(tmp_path, text))


def test_a_copy_whose_code_is_not_what_is_imported_is_refused(tmp_path: Path) -> None:
    elsewhere = (
        project(tmp_path, KILLED) / "os"
    )  # Python has one of its own, loaded before any path is searched
    elsewhere.mkdir()
    (elsewhere / "__init__.py").touch()
    with pytest.raises(Refused, match="a copy's code is not what is imported there"):
        Laboratory(tmp_path, tmp_path / "copies", jobs=1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_leaves_no_copy_behind(tmp_path: Path, number: signal.Signals) -> None:
    root, copies = project(tmp_path / "root", entry("m", "test_takes_long")), tmp_path / "copies"
    copies.mkdir()
    program = "import sys, pathlib, tests.mutants.run as it; sys.exit(it.main([], pathlib.Path(sys.argv[1])))"
    process = subprocess.Popen(
        [sys.executable, "-c", program, root], cwd=ROOT, env={**os.environ, "TMPDIR": str(copies)}
    )
    wait_until(lambda: [*copies.glob("mutants-*/*/tree/.running")], "the test runs")
    process.send_signal(number)

    assert process.wait(timeout=60) == 130
    assert list(copies.iterdir()) == []
