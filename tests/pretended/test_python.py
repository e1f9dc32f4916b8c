"""A pretended machine has a Python that works wherever the tests' own works."""

import subprocess
from pathlib import Path

import pytest

from tests.pretended.python import place_python


def test_a_launcher_in_place_of_python_on_the_path_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher, machine = tmp_path / "shims" / "python3", tmp_path / "bin"
    for folder in (launcher.parent, machine):
        folder.mkdir()
    launcher.write_text("#!/no/such/interpreter\n")
    launcher.chmod(0o755)
    monkeypatch.setenv("PATH", str(launcher.parent), prepend=":")

    place_python(machine)

    script = "echo 1 | python3 -I -c 'print(int(input()) + 1)'"
    said = subprocess.check_output(["/bin/bash", "-c", script], env={"PATH": str(machine)}, text=True)
    assert said == "2\n"
