"""The engine that was chosen is the one that runs: by ENGINE, by .engine, and everywhere the same."""

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from constructs_lib.engine.either import choose_engine

import pytest

from slipway.console import cdk
from slipway.console.errors import UsageError
from tests.synthesis import synthesised

ROOT = Path(__file__).parents[1]
OWN = cdk.own_engine()
OTHER = {"cdktf": "cdktn", "cdktn": "cdktf"}[OWN]


def test_the_engine_that_was_chosen_is_the_one_that_synthesised() -> None:
    chosen = choose_engine()
    assert chosen
    assert chosen.core == OWN == cdk.engine(ROOT)
    for name, stack in synthesised("demo").stacks.items():
        assert stack["//"]["metadata"]["version"] == version(OWN), name


@pytest.mark.parametrize("exported", ["cdktf", "cdktn", None])
@pytest.mark.parametrize("remembered", ["cdktf", "cdktn", None])
def test_make_the_command_lines_and_slipway_choose_alike(
    tmp_path: Path, exported: str | None, remembered: str | None
) -> None:
    (tmp_path / "engines").mkdir()
    shutil.copy(ROOT / "engines" / "environment", tmp_path / "engines")
    if remembered:
        (tmp_path / ".engine").write_text(f"{remembered}\n")
    environment = {"PATH": os.environ["PATH"], **({"ENGINE": exported} if exported else {})}
    expected = exported or remembered or "cdktf"

    said = subprocess.check_output(
        ["sh", str(tmp_path / "engines" / "environment")], env=environment, text=True, cwd="/"
    )

    assert said == f"{tmp_path / cdk.ENVIRONMENTS[expected]}\n"
    assert cdk.engine(tmp_path, environment) == (exported or remembered or OWN)
    shutil.copy(ROOT / "Makefile", tmp_path)
    show = ("make", "--no-print-directory", "--eval", 'show: ; @echo "$$ENGINE $(BIN)"', "show")
    made = subprocess.check_output(show, cwd=tmp_path, env=environment, text=True)
    assert made.split() == [expected, f"{cdk.ENVIRONMENTS[expected]}/bin"]
    said = subprocess.check_output((*show, f"ENGINE={OTHER}"), cwd=tmp_path, env=environment, text=True)
    assert said.split() == [OTHER, f"{cdk.ENVIRONMENTS[OTHER]}/bin"]


@pytest.mark.parametrize("said", ["CDKTN", " cdktn", "Cdktn\n"])
def test_letters_case_and_blanks_do_not_matter(tmp_path: Path, said: str) -> None:
    checkout = tmp_path / "a checkout's"
    (checkout / "engines").mkdir(parents=True)
    shutil.copy(ROOT / "engines" / "environment", checkout / "engines")
    shutil.copy(ROOT / "Makefile", checkout)
    show = ("make", "--no-print-directory", "--eval", 'show: ; @echo "$$ENGINE $(BIN)"', "show")
    for exported, remembered in ((said, ""), ("", said), (said, "cdktf")):
        (checkout / ".engine").write_text(remembered)
        environment = {"PATH": os.environ["PATH"], "ENGINE": exported}
        found = ["sh", str(checkout / "engines" / "environment")]
        assert subprocess.check_output(found, env=environment, text=True) == f"{checkout}/.venv-cdktn\n"
        assert cdk.engine(checkout, environment) == "cdktn"
        made = subprocess.check_output(show, cwd=checkout, env=environment, text=True)
        assert made.split() == ["cdktn", ".venv-cdktn/bin"]


@pytest.mark.parametrize("said", ["diesel", "cdktn cdktf", "a;touch b", "'"])
def test_make_says_once_that_there_is_no_such_engine(tmp_path: Path, said: str) -> None:
    (tmp_path / "engines").mkdir()
    shutil.copy(ROOT / "engines" / "environment", tmp_path / "engines")
    shutil.copy(ROOT / "Makefile", tmp_path)
    done = subprocess.run(
        ["make", "help"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "ENGINE": said},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert (
        f"there is no engine '{said}': ENGINE, or else the file .engine, says cdktf or cdktn" in done.stderr
    )
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("script", ["python", "cdk"])
@pytest.mark.parametrize("said", ["cdktn", "diesel"])
def test_cdktfs_app_and_workflows_say_once_what_is_missing(tmp_path: Path, script: str, said: str) -> None:
    shutil.copytree(ROOT / "engines", tmp_path / "engines", ignore=shutil.ignore_patterns("cdktn"))
    assert json.loads((ROOT / "cdktf.json").read_text())["app"] == "sh engines/python main.py"
    done = subprocess.run(
        ["sh", f"engines/{script}", "main.py"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "ENGINE": said},
        capture_output=True,
        text=True,
        check=False,
    )
    expected = {
        "cdktn": f"the engine cdktn is not installed in {tmp_path}/.venv-cdktn:"
        " run make setup ENGINE=cdktn\n",
        "diesel": "there is no engine 'diesel': ENGINE, or else the file .engine, says cdktf or cdktn\n",
    }
    assert (done.returncode, done.stdout, done.stderr) == (2, "", expected[said])


def test_an_engine_that_does_not_exist_is_refused() -> None:
    done = subprocess.run(
        ["sh", "engines/environment"],
        cwd=ROOT,
        env=os.environ | {"ENGINE": "diesel"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "there is no engine 'diesel': ENGINE, or else the file .engine, says cdktf or cdktn\n"
    )


def test_slipway_synthesises_with_its_own_python_where_that_has_the_engine(tmp_path: Path) -> None:
    assert cdk.python(tmp_path, {}) == sys.executable
    assert cdk.python(tmp_path, {"ENGINE": OWN}) == sys.executable
    assert cdk.python(tmp_path, {"ENGINE": "diesel"}) == sys.executable


def test_slipway_synthesises_with_the_other_environment_where_the_other_engine_is_chosen(
    tmp_path: Path,
) -> None:
    (tmp_path / ".engine").write_text(f"{OTHER}\n")
    with pytest.raises(UsageError, match=rf"the engine {OTHER} is not installed") as refused:
        cdk.python(tmp_path, {})
    assert refused.value.then == f"run make setup ENGINE={OTHER}"

    other = tmp_path / cdk.ENVIRONMENTS[OTHER] / "bin" / "python"
    other.parent.mkdir(parents=True)
    other.touch()
    assert cdk.python(tmp_path, {}) == str(other)


@pytest.mark.parametrize(
    ("engine", "line"), [("cdktf", "npx cdktf deploy '*'"), ("cdktn", "cdktn deploy '*'")]
)
def test_a_line_to_paste_is_the_engines_own(monkeypatch: pytest.MonkeyPatch, engine: str, line: str) -> None:
    monkeypatch.setenv("ENGINE", engine)

    assert cdk.cdk("deploy", "*") == line


@pytest.mark.parametrize(("engine", "ran"), [("cdktf", "npx --no-install cdktf"), ("cdktn", "cdktn")])
def test_workflows_start_the_command_line_of_the_engine_that_is_chosen(
    tmp_path: Path, engine: str, ran: str
) -> None:
    shutil.copytree(ROOT / "engines", tmp_path / "engines", ignore=shutil.ignore_patterns("cdktn"))
    (tmp_path / ".engine").write_text(f"{engine}\n")
    for environment in cdk.ENVIRONMENTS.values():
        programs = tmp_path / environment / "bin"
        programs.mkdir(parents=True)
        for name in ("npx", "cdktn", "python"):
            (programs / name).write_text(f'#!/bin/sh\necho {environment} {name} "$@"\n')
            (programs / name).chmod(0o755)

    said = subprocess.check_output(
        ["sh", str(tmp_path / "engines" / "cdk"), "deploy", "my-app-*", "--auto-approve"],
        env={"PATH": os.environ["PATH"]},
        text=True,
    )

    assert said == f"{cdk.ENVIRONMENTS[engine]} {ran} deploy my-app-* --auto-approve\n"


def test_no_workflow_names_an_engines_command_line() -> None:
    for workflow in (ROOT / ".github" / "workflows").glob("*.yml"):
        assert "npx cdktf" not in workflow.read_text(), workflow.name
