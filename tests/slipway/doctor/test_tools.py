"""Whether the programs are here and new enough, told by what they print."""

import json
from pathlib import Path

import pytest

from slipway.doctor import tools
from slipway.doctor.check import Check


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only directory in which programs are found."""
    directory = tmp_path / "bin"
    directory.mkdir()
    monkeypatch.setenv("PATH", str(directory))
    return directory


def put(directory: Path, name: str, script: str) -> Path:
    program = directory / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def found(root: Path, topic: str) -> Check:
    return next(tool for tool in tools.tools(root) if topic in tool.what)


@pytest.mark.parametrize(
    ("script", "state", "what"),
    [
        ("""echo '{"terraform_version": "1.11.4"}'""", "ok", "Terraform 1.11.4"),
        ("""echo '{"terraform_version": "1.10.0"}'""", "ok", "Terraform 1.10.0"),
        ("""echo '{"terraform_version": "1.9.8"}'""", "todo", "Terraform 1.9.8 is too old"),
        ("exit 1", "todo", "Terraform is not installed or does not run"),
        ("echo hello", "todo", "Terraform does not print its version"),
        ("echo hello >&2; echo Terraform v1.11.4", "ok", "Terraform 1.11.4"),
    ],
)
def test_terraform_has_to_lock_by_itself(
    programs: Path, tmp_path: Path, script: str, state: str, what: str
) -> None:
    put(programs, "terraform", script)
    seen = found(tmp_path, "Terraform")
    assert (seen.state, seen.what) == (state, what)


def test_a_program_that_is_missing_says_what_brings_it(programs: Path, tmp_path: Path) -> None:
    seen = found(tmp_path, "Terraform")
    assert (seen.state, seen.then) == ("todo", "make setup installs it")


def test_a_program_that_was_chosen_is_not_installed_by_setup(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", "tofu")
    seen = found(tmp_path, "OpenTofu")
    assert (seen.state, "TERRAFORM_BINARY_NAME" in seen.then) == ("todo", True)
    monkeypatch.setenv("JSII_NODE", "/nowhere/node")
    assert "JSII_NODE chooses it" in found(tmp_path, "Node").then
    monkeypatch.delenv("TERRAFORM_BINARY_NAME")
    put(programs, "tofu", """echo '{"terraform_version": "1.9.0"}'""")
    assert found(tmp_path, "OpenTofu").then.startswith("install OpenTofu 1.10 or newer")


def test_the_node_that_synthesis_takes_is_the_one_that_is_looked_at(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JSII_NODE", str(put(tmp_path, "own-node", "echo v20.1.0")))
    assert found(tmp_path, "Node").what == "Node 20.1.0 is too old"


@pytest.mark.parametrize(
    ("engine", "modules"), [("cdktf", "node_modules"), ("cdktn", ".venv-cdktn/node_modules")]
)
def test_the_engines_command_line_is_looked_for_in_the_checkout(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, modules: str
) -> None:
    monkeypatch.setenv("ENGINE", engine)
    assert found(tmp_path, f"{engine}-cli").state == "todo"
    package = tmp_path / modules / f"{engine}-cli" / "package.json"
    package.parent.mkdir(parents=True)
    package.write_text(json.dumps({"version": "0.21.0"}))
    assert found(tmp_path, f"{engine}-cli").what == f"{engine}-cli 0.21.0"


def test_without_docker_deployments_go_on(programs: Path) -> None:
    states = [each.state for each in tools.rehearsal()]
    assert states == ["later", "later"]
    for name in ("docker-registry", "haproxy"):
        put(programs, name, "exit 0")
    put(programs, "docker", "echo 20.10.24")
    assert [(each.state, each.what) for each in tools.rehearsal()] == [("ok", "Docker 20.10.24 is running")]
