"""The wheel contains all files of the packages, and works without a checkout."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
PLAN = ROOT / "tests" / "plan_review" / "plans" / "aws-replace.json"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
# Neither the checkout nor the environment's own start-up decides what is imported.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SLIPWAY"))
}

pytestmark = pytest.mark.integration


def run(*command: object, cwd: Path, expect: int = 0) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == expect, done.stdout + done.stderr
    return done


def tracked() -> list[Path]:
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    paths = [Path(path) for path in listed.split("\0") if path]
    return [path for path in paths if (ROOT / path).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made of the files under version control, as of a clone."""
    directory = tmp_path_factory.mktemp("wheel")
    source = directory / "source"
    for path in tracked():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, source / path)
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", directory)
    run(*PIP, "wheel", *options, source, cwd=directory)
    (made,) = directory.glob("slipway-*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has the wheel, and finds this one's dependencies.

    A line of a .pth file names a folder, whose own .pth files are not read: so the checkout is not found.
    """
    directory = tmp_path_factory.mktemp("installed")
    venv.create(directory, symlinks=True)
    (packages,) = directory.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    programs = directory / "bin"
    options = ("--no-deps", "--no-index")
    run(*PIP, "--python", programs / "python", "install", *options, wheel, cwd=directory)
    return programs


def test_whatever_lies_in_a_package_is_in_the_wheel(wheel: Path) -> None:
    packages = {path.parent for path in tracked() if path.name == "__init__.py"}
    roots = [path for path in packages if path.parent in {Path(), Path("scripts")} and path != Path("app")]
    expected = {
        path.relative_to(root.parent).as_posix()
        for root in roots
        for path in tracked()
        if root in path.parents
    }

    names = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert names == expected
    assert {"slipway/cli/app.py", "constructs_lib/user_data.sh", "modules/config/names.py"} <= names


def test_what_is_installed_is_the_wheels(installed: Path, wheel: Path, tmp_path: Path) -> None:
    names = sorted({name.partition("/")[0] for name in ZipFile(wheel).namelist()})
    packages = [name for name in names if not name.endswith(".dist-info")]
    program = f"import {', '.join(packages)}\nfor each in ({', '.join(packages)}): print(each.__file__)"

    files = run(installed / "python", "-c", program, cwd=tmp_path).stdout.splitlines()

    assert len(files) == len(packages)
    assert all(Path(file).is_relative_to(installed.parent) for file in files)


def test_the_command_says_what_it_can_do(installed: Path, tmp_path: Path) -> None:
    assert "rollback" in run(installed / "slipway", "--help", cwd=tmp_path).stdout


@pytest.mark.parametrize("kind", ["md", "html", "json"])
def test_a_plan_is_reviewed(installed: Path, tmp_path: Path, kind: str) -> None:
    command = ("slipway", "review", PLAN, "--format", kind)
    here = run(Path(sys.executable).with_name("slipway"), *command[1:], cwd=tmp_path, expect=3).stdout

    assert run(installed / command[0], *command[1:], cwd=tmp_path, expect=3).stdout == here


def test_the_committed_settings_are_synthesised(installed: Path, tmp_path: Path) -> None:
    for name in ("main.py", "pipeline.toml"):
        shutil.copy2(ROOT / name, tmp_path)

    said = run(installed / "python", "main.py", cwd=tmp_path).stderr

    assert said == ""
    for golden in (ROOT / "tests" / "golden").glob("*.json"):
        file = tmp_path / "cdktf.out" / "stacks" / f"my-app-{golden.stem}" / "cdk.tf.json"
        made = json.loads(file.read_text())
        del made["//"]["metadata"]["version"]  # the engine's, which golden files do not hold
        assert made == json.loads(golden.read_text()), golden.stem
