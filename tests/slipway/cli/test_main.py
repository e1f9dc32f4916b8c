"""The command line as a whole: help, quickness, and errors without a traceback."""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from modules.config.problems import SettingsError
from slipway import cli
from slipway.cli.app import COMMANDS, app
from slipway.cli.failures import explained
from slipway.console.errors import SlipwayError, UsageError
from tests.slipway.commands import ROOT, slipway

SLOW = ("boto3", "botocore", "pydantic", "rich", "moto", "jsii", "asyncio")


def names(command: object, name: str = "") -> Iterator[str]:
    """Every command below this one, as it is typed."""
    if isinstance(command, TyperGroup):
        for each in command.commands:
            yield f"{name}{each}"
            yield from names(command.get_command(None, each), f"{name}{each} ")  # type: ignore[arg-type]  # no context is needed


def test_every_command_is_listed_with_the_first_line_of_its_help() -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    for summaries in COMMANDS.values():
        for name, summary in summaries.items():
            command = group.get_command(None, name)  # type: ignore[arg-type]  # no context is needed
            assert command is not None
            assert (command.help or "").splitlines()[0] == summary, name


def test_the_help_loads_no_command_and_nothing_that_is_slow() -> None:
    code = (
        "import sys\n"
        "from slipway.cli import main\n"
        "sys.argv = ['slipway', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"slow = [name for name in {SLOW} if name in sys.modules]\n"
        "if slow:\n    sys.exit(f'slipway --help loads {slow}')\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stderr == ""
    assert "slipway demo  " in answer.stdout


def test_no_command_loads_cdktf() -> None:
    code = (
        "import pkgutil, sys\n"
        "from importlib import import_module\n"
        "from slipway import cli\n"
        "for each in pkgutil.iter_modules(cli.__path__):\n"
        "    import_module(f'slipway.cli.{each.name}')\n"
        "sys.exit(', '.join(name for name in ('jsii', 'cdktf', 'constructs') if name in sys.modules))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stderr.strip() == ""


@pytest.mark.parametrize("command", list(names(get_command(app))))
def test_each_command_shows_an_example_before_its_options(command: str) -> None:
    answer = slipway(*command.split(), "--help")
    assert answer.code == 0
    assert 0 < answer.data.index(f"  slipway {command}") < answer.data.index("Options:")


@pytest.mark.parametrize("command", list(names(get_command(app))))
def test_the_usage_of_each_command_names_its_arguments_once(command: str) -> None:
    usage = slipway(*command.split(), "--help").data.partition("\n\n")[0]
    arguments = r"( (\{NAME\}|\[NAME\])(\.\.\.)?)*".replace("NAME", r"[A-Z]+(\.json)?")
    assert re.fullmatch(
        rf"Usage: slipway {command} \[OPTIONS\](?: COMMAND \[ARGS\]\.\.\.|{arguments})", usage
    )


@pytest.mark.parametrize(
    "command", [name for name in names(get_command(app)) if name not in ("config", "hosts")]
)
def test_each_command_says_its_exit_codes(command: str) -> None:
    assert "Exit codes: 0 " in " ".join(slipway(*command.split(), "--help").data.split())


def test_an_unknown_command_is_exit_code_2() -> None:
    answer = slipway("fly")
    assert answer.code == 2
    assert "No such command 'fly'" in answer.words


def test_validate_prints_the_stacks_and_nothing_else_on_standard_output() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", "from slipway.cli import main; main()", "validate"],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == [
        "my-app-foundation", "my-app-access", "my-app-staging", "my-app-prod", "my-app-delivery",
    ]  # fmt: skip


def test_settings_that_are_not_there_are_exit_code_2_without_a_traceback(tmp_path: Path) -> None:
    answer = slipway("validate", directory=tmp_path)
    assert answer.code == 2
    assert answer.words.startswith("error: ")
    assert "pipeline.toml" in answer.words


def test_a_directory_without_main_py_is_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "pipeline.toml").write_text((ROOT / "pipeline.toml").read_text())
    answer = slipway("validate", directory=tmp_path)
    assert answer.code == 2
    assert "next: run slipway in the directory of main.py and pipeline.toml" in answer.words


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (
            SlipwayError("it broke", why="of old age", then="try again"),
            1,
            "error: it broke\n  why:  of old age",
        ),
        (UsageError("not so"), 2, "error: not so\n"),
        (SettingsError("pipeline.toml", []), 2, "error: pipeline.toml has 0 mistakes:\n"),
        (
            PermissionError(13, "Permission denied", "/x"),
            1,
            "error: /x cannot be used\n  why:  Permission denied",
        ),
    ],
    ids=["ours", "usage", "settings", "files"],
)
def test_every_expected_error_is_one_message_and_its_exit_code(
    error: Exception,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(**_: object) -> None:
        raise error

    monkeypatch.setattr("slipway.cli.app.app", broken)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == code
    assert capsys.readouterr().err.startswith(said)


def test_a_bug_is_shown_as_one() -> None:
    assert explained(ZeroDivisionError()) is None


def test_interrupted_while_it_loads_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("slipway.cli.surroundings.prepare", interrupted)
    with pytest.raises(SystemExit, match="130"):
        cli.main()
    assert capsys.readouterr().err == "interrupted; nothing was started yet\n"


def test_interrupted_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(**_: object) -> None:
        raise SystemExit(130)

    monkeypatch.setattr("slipway.cli.app.app", interrupted)
    with pytest.raises(SystemExit, match="130"):
        cli.main()
    assert capsys.readouterr().err == "interrupted; everything that was started here is stopped\n"


def test_a_message_of_many_lines_stays_in_its_column() -> None:
    lines: Sequence[str] = str(SlipwayError("what", why="a\nb", then="c\nd")).splitlines()
    assert lines == ["what", "  why:  a", "        b", "  next: c", "        d"]
