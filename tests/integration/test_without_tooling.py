"""The core stands by itself: without the tooling it synthesises to the same bytes, and its tests pass."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLING = ("local", "plan_review", "slipway")
TESTS = ("tests/constructs_lib", "tests/modules", "tests/scripts")
SOME = (
    *("tests/constructs_lib/test_examples.py", "tests/modules", "tests/scripts/test_deployment.py"),
    "--ignore=tests/modules/config/test_fuzz.py",
)
"""Those that are run; the others are loaded, and make unit runs them."""
# The environment's own slipway is this checkout's: in the copy, it is not there either.
BLOCKER = f"""
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {TOOLING!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Blocker())
"""

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is committed, or about to be, without the tooling; only the tests' needs beside it."""
    copy = tmp_path_factory.mktemp("core")
    listed = subprocess.check_output(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, text=True
    )
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file() and not name.startswith(tuple(f"scripts/{each}/" for each in TOOLING)):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    (copy / "node_modules").symlink_to(ROOT / "node_modules")
    (copy / "blocker").mkdir()
    (copy / "blocker" / "sitecustomize.py").write_text(BLOCKER, "utf-8")
    return copy


def run(directory: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(directory / "blocker"), **more}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_tooling_is_gone(core: Path) -> None:
    for name in TOOLING:
        assert not (core / "scripts" / name).exists()
        assert f"No module named '{name}'" in run(core, "-c", f"import {name}").stderr


def test_the_stacks_are_the_same_byte_for_byte(core: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "without", tmp_path / "with"
    for directory, output in zip((core, ROOT), outputs, strict=True):
        finished = run(directory, str(directory / "main.py"), CDKTF_OUTDIR=str(output))
        assert finished.returncode == 0, finished.stderr
    without, with_ = (
        {path.relative_to(output): path.read_bytes() for path in output.rglob("*.json")} for output in outputs
    )
    assert len(with_) > 5
    assert without == with_


def test_the_tests_of_constructs_modules_and_host_scripts_pass(core: Path) -> None:
    pytest_ = ("-m", "pytest", "-q", "-m", "not integration", "-p", "no:cacheprovider")
    loaded = run(core, *pytest_, "--collect-only", *TESTS)
    assert loaded.returncode == 0, loaded.stdout[-4000:]
    finished = run(core, *pytest_, *SOME)
    assert finished.returncode == 0, finished.stdout[-4000:]
    assert " passed" in finished.stdout
