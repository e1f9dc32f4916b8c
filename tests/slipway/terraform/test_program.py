"""OpenTofu in Terraform's place: the same commands, by its own name, and its own registry.

It is played here by a program that writes down what it is called with; the real one was not tried.
"""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from modules.config.load import settle
from slipway.checkout import project
from slipway.console.errors import SlipwayError
from slipway.doctor import tools
from slipway.processes.terraform_program import VARIABLE, called, program
from slipway.terraform import cli_config, commands
from slipway.terraform.failures import failure
from slipway.terraform.workspace import Workspace
from tests.settings import table
from tests.slipway.terraform.test_cli_config import mirror_at
from tests.slipway.terraform.test_failures import DIRECTORY, locked

NOW = datetime(2026, 11, 28, tzinfo=UTC)
PLAYED = """
echo "$0 $*" >>"${0%/*}/calls"
case "$1" in version) echo '{"terraform_version": "1.10.6"}' ;; show) echo '{}' ;; esac
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with OpenTofu alone."""
    directory = tmp_path / "bin"
    directory.mkdir()
    put(directory, "tofu")
    monkeypatch.setenv("PATH", str(directory))
    monkeypatch.setenv(VARIABLE, "")  # so that it is put back, whoever sets it
    monkeypatch.delenv(VARIABLE)
    return directory


def put(directory: Path, name: str) -> None:
    (directory / name).write_text(f"#!/bin/sh{PLAYED}")
    (directory / name).chmod(0o755)


def test_tofu_is_found_where_only_that_is_on_the_path(path: Path) -> None:
    assert program() == "tofu"
    put(path, "terraform")
    assert program() == "terraform"
    assert program({"PATH": str(path), VARIABLE: "tofu"}) == "tofu"
    assert program({"PATH": "", VARIABLE: "/opt/tofu-1.10"}) == "/opt/tofu-1.10"
    assert [called(each) for each in ("terraform", "/opt/tofu-1.10")] == ["Terraform", "OpenTofu"]


def test_a_relative_path_is_found_from_where_slipway_runs_and_blanks_are_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path)
    assert program({"PATH": str(path), VARIABLE: "./tofu"}) == str(path / "tofu")
    assert program({"PATH": str(path), VARIABLE: " "}) == "tofu"
    monkeypatch.setattr(project, "load", lambda _file: settle(table(terraform="terraform")))
    monkeypatch.setenv(VARIABLE, "")
    (path / "main.py").touch()
    project.find(path)
    assert program() == "terraform"


CHOSEN = (
    "TERRAFORM_BINARY_NAME, or terraform in pipeline.toml, chooses it: let it name Terraform or OpenTofu"
    " 1.10 or newer"
)


@pytest.mark.parametrize(
    ("name", "what", "why"),
    [
        ("nowhere", "cannot run {0}/nowhere", "{0}/nowhere not found"),
        ("directory", "cannot run {0}/directory", "{0}/directory: Permission denied"),
        ("unrunnable", "cannot run {0}/unrunnable", "{0}/unrunnable: Permission denied"),
        ("garbage", "cannot run {0}/garbage", "{0}/garbage: Exec format error"),
        ("fails", "fails init failed in {0}", "no luck"),
        ("silent", "silent init failed in {0}", "it ended with exit code 5, without a message"),
        ("killed", "killed init failed in {0}", "it ended with signal 9, without a message"),
    ],
)
def test_a_program_that_does_not_work_is_named(tmp_path: Path, name: str, what: str, why: str) -> None:
    (tmp_path / "directory").mkdir()
    scripts = {"fails": "echo no luck >&2; exit 5", "silent": "exit 5", "killed": "kill -9 $$"}
    for script, text in scripts.items():
        (tmp_path / script).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / script).chmod(0o755)
    (tmp_path / "unrunnable").touch()
    (tmp_path / "garbage").write_text("garbage")
    (tmp_path / "garbage").chmod(0o755)
    environment = {"PATH": "/bin", VARIABLE: str(tmp_path / name)}

    with pytest.raises(SlipwayError) as failed:
        asyncio.run(Workspace(tmp_path, environment, lambda _event: None).init())

    assert (failed.value.what, failed.value.why) == (what.format(tmp_path), why.format(tmp_path))
    if name not in scripts:
        assert failed.value.then == CHOSEN


def test_the_setting_chooses_and_the_variable_outdoes_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(path, "terraform")
    monkeypatch.setattr(project, "load", lambda _file: settle(table(terraform="tofu")))
    (path / "main.py").touch()
    project.find(path)
    assert program() == "tofu"
    monkeypatch.setenv(VARIABLE, "terraform")
    project.find(path)
    assert program() == "terraform"


def test_it_is_called_with_terraforms_arguments(path: Path, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, {"PATH": f"{path}:/bin"}, lambda _event: None, lock_timeout=5)
    asyncio.run(workspace.init())
    asyncio.run(workspace.plan())
    asyncio.run(workspace.apply())
    expected = (commands.init(), commands.check(), commands.show_plan(), commands.apply(lock_timeout=5))
    called_with = [line.split() for line in (path / "calls").read_text().splitlines()]
    assert called_with == [[str(path / "tofu"), *each[1:]] for each in expected]


def test_what_it_cannot_do_is_said_by_its_own_name(path: Path, tmp_path: Path) -> None:
    (path / "tofu").write_text("#!/bin/sh\necho 'no such provider' >&2; exit 1\n")
    workspace = Workspace(tmp_path, {"PATH": f"{path}:/bin"}, lambda _event: None)
    with pytest.raises(SlipwayError, match=r"^tofu init failed in "):
        asyncio.run(workspace.init())
    said = failure(commands.by("tofu", commands.check()), DIRECTORY, [locked()], "", now=NOW)
    assert f"tofu -chdir={DIRECTORY} force-unlock" in str(said.then)


def test_its_providers_are_looked_for_in_a_mirror_of_its_own_registry(path: Path, tmp_path: Path) -> None:
    mirror_at(tmp_path / "mirror")
    of_terraform = cli_config.environment(
        tmp_path / "out", environ={"PATH": str(path)}, prefixes=[tmp_path / "mirror"]
    )
    assert "TF_CLI_CONFIG_FILE" not in of_terraform
    (tmp_path / "mirror" / "registry.terraform.io").rename(tmp_path / "mirror" / "registry.opentofu.org")
    of_tofu = cli_config.environment(
        tmp_path / "out", environ={"PATH": str(path)}, prefixes=[tmp_path / "mirror"]
    )
    assert str(tmp_path / "mirror") in Path(of_tofu["TF_CLI_CONFIG_FILE"]).read_text()


def test_doctor_says_which_it_found_and_what_it_needs(path: Path, tmp_path: Path) -> None:
    assert next(iter(tools.tools(tmp_path))).what == "OpenTofu 1.10.6"
    old = json.dumps({"terraform_version": "1.9.0"})
    (path / "tofu").write_text(f"#!/bin/sh\necho '{old}'\n")
    check = next(iter(tools.tools(tmp_path)))
    assert (check.what, check.why) == ("OpenTofu 1.9.0 is too old", "version 1.10 or newer is required")
