"""Many cases in one shell: each in a directory and a subshell of its own, so that hundreds stay quick."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.pretended.python import place_python

LIBRARY = Path(__file__).parents[2] / "scripts" / "lib.sh"
DRIVER = """
for case in "${1}"/*/; do
  (
    cd "${case}"
    {steps}
    printf '%s\\0' {shown}
  ) >"${case}/read" 2>"${case}/said"
  echo "${?}" >"${case}/status"
done
"""


@dataclass(frozen=True)
class Ended:
    """How a case ended, the values that it came to, and what it complained of."""

    status: int
    values: tuple[str, ...]
    said: str


def lay(directory: Path, cases: Sequence[dict[str, bytes]]) -> Path:
    """A directory for each case, with its files; and the host's scripts, as in a revision."""
    for number, files in enumerate(cases):
        case = directory / "cases" / f"{number:04}"
        (case / "scripts").mkdir(parents=True)
        shutil.copy(LIBRARY, case / "scripts")
        for name, content in files.items():
            (case / name).write_bytes(content)
    return directory / "cases"


def run(cases: Path, steps: str, shown: Sequence[str]) -> list[Ended]:
    """Run the steps in each case; the values of these variables afterwards."""
    script = DRIVER.replace("{steps}", steps).replace(
        "{shown}", " ".join(f'"${{{name}-}}"' for name in shown)
    )
    programs = cases.parent / "bin"
    programs.mkdir()
    place_python(programs)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(["bash", "-c", script, "batch", cases], env={"PATH": path}, check=True, timeout=120)
    return [_ended(case) for case in sorted(cases.iterdir())]


def _ended(case: Path) -> Ended:
    values = (case / "read").read_bytes().decode("utf-8", "surrogateescape").split("\0")[:-1]
    said = (case / "said").read_bytes().decode("utf-8", "replace")
    return Ended(int((case / "status").read_text()), tuple(values), said)
