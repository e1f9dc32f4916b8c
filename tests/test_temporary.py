"""A run of the tests leaves no temporary directories."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import cdktf


def test_what_cdktf_synthesises_for_a_test_is_in_the_directory_of_the_run() -> None:
    def synthesised() -> set[Path]:
        return set(Path(tempfile.gettempdir()).glob("cdktf.outdir.*"))

    before = synthesised()
    cdktf.Testing.app()
    assert synthesised() - before
    assert Path(tempfile.gettempdir()).name.startswith("slipway-tests-")


def test_the_directory_of_a_run_is_removed_with_what_is_in_it(tmp_path: Path) -> None:
    code = "import tests.temporary, tempfile; tempfile.mkdtemp(); print(tempfile.tempdir)"
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_XDIST_WORKER"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        env={**environment, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()).parent == tmp_path
    assert list(tmp_path.iterdir()) == []
