"""A skip is loud on a person's machine, and a failure on CI: tests/conftest.py, run on tests of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = {
    "test_some.py": """
        import pytest
        def test_with_docker(): pytest.skip("Docker is not there")
        @pytest.mark.skipif(True, reason="no Terraform")
        def test_with_terraform(): pass
        @pytest.mark.xfail(reason="known")
        def test_known_failure(): assert False
        def test_with_what_nobody_packages(): pytest.skip("no package brings it: their agent")
        def test_that_passes(): pass
    """,
    "test_whole_file.py": """
        import pytest
        pytest.skip("nothing of this runs", allow_module_level=True)
    """,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    for name, content in TESTS.items():
        (tmp_path / name).write_text(content.replace("\n        ", "\n"))
    return tmp_path


def run(folder: Path, *, ci: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"CI": ci, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--rootdir={folder}", str(folder)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_every_skip_is_named_with_its_reason_at_the_end(folder: Path) -> None:
    done = run(folder, ci="")

    assert done.returncode == 0
    _, _, told = done.stdout.partition("NOT TESTED on this machine: 4")
    assert "test_some.py::test_with_docker: Docker is not there\n" in told
    assert "test_some.py::test_with_terraform: no Terraform\n" in told
    assert "test_whole_file.py: nothing of this runs\n" in told


def test_every_skip_is_a_failure_on_ci(folder: Path) -> None:
    done = run(folder, ci="true")

    assert done.returncode == 2  # a file that skips itself fails while tests are collected
    assert "skipped, which is a failure with CI=true: nothing of this runs" in done.stdout

    (folder / "test_whole_file.py").unlink()
    done = run(folder, ci="true")

    assert done.returncode == 1
    assert "skipped, which is a failure with CI=true: Docker is not there" in done.stdout
    assert "skipped, which is a failure with CI=true: no Terraform" in done.stdout
    assert "1 failed, 1 passed, 1 skipped, 1 xfailed, 1 error" in done.stdout


def test_what_no_package_brings_is_named_and_no_failure_even_on_ci(folder: Path) -> None:
    (folder / "test_whole_file.py").unlink()
    done = run(folder, ci="true")

    assert "test_with_what_nobody_packages: no package brings it: their agent\n" in done.stdout
    assert "failure with CI=true: no package brings it" not in done.stdout
