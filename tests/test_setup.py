"""The set-up: what it does once, what it does again, and what it says where it cannot go on."""

import ast
import hashlib
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import setup
import terraform

ROOT = Path(__file__).parents[1]
MAKE = ("make", "--no-print-directory")
Commands = list[tuple[str, ...]]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh clone, as far as the set-up looks at it."""
    for name in (
        *("requirements.txt", "package-lock.json", "pyproject.toml"),
        *("engines/cdktn/requirements.txt", "engines/cdktn/package.json", "engines/cdktn/package-lock.json"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{name}, first version\n")
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "CDKTN", tmp_path / "engines" / "cdktn")
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "BIN", tmp_path / ".venv" / "bin")
    monkeypatch.setattr(setup, "install_terraform", lambda _: None)
    return tmp_path


@pytest.fixture
def commands(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """What the set-up runs, recorded in place of being run; folders appear as they would."""
    recorded: Commands = []

    def run(*command: object) -> None:
        words = tuple(str(word).removeprefix(f"{checkout}/") for word in command)
        recorded.append(words)
        if "venv" in words:
            (setup.BIN).mkdir(parents=True)
        if words[0].endswith("npm"):
            where = Path(str(command[command.index("--prefix") + 1])) if "--prefix" in command else checkout
            (where / "node_modules").mkdir(exist_ok=True)
        if "jsii_index.py" in words[1]:
            index = setup.VENV / "index"
            index.touch()
            Path(str(command[-1])).write_text(str(index))

    monkeypatch.setattr(setup, "run", run)
    return recorded


def done(commands: Commands) -> list[str]:
    """The steps that were done, in words."""
    names = {"-m venv": "venv", "--require-hashes": "packages", "--editable": "project", "npm ci": "node"}
    names["jsii_index.py"] = "index"
    return [name for command in commands for words, name in names.items() if words in " ".join(command)]


def refusal(function: Callable[[], object]) -> str:
    """What the set-up says, and ends with."""
    with pytest.raises(SystemExit) as ended:
        function()
    assert isinstance(ended.value.code, str)  # which makes Python print it and exit with 1
    return ended.value.code


# what is done, and when again


def test_a_fresh_clone_gets_everything_once(commands: Commands) -> None:
    setup.main()
    assert done(commands) == ["venv", "packages", "project", "node", "index"]

    commands.clear()
    setup.main()
    assert commands == []


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("requirements.txt", ["venv", "packages", "project", "index"]),
        ("pyproject.toml", ["project"]),
        ("package-lock.json", ["node"]),
        ("scripts/new_package/__init__.py", ["project"]),
    ],
)
def test_what_changed_is_done_again_and_nothing_else(
    checkout: Path, commands: Commands, changed: str, again: list[str]
) -> None:
    setup.main()
    commands.clear()
    (checkout / changed).parent.mkdir(parents=True, exist_ok=True)
    (checkout / changed).write_text("second version\n")

    setup.main()

    assert done(commands) == again


def test_a_virtual_environment_of_another_python_is_made_again(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.main()
    commands.clear()
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))

    setup.main()

    assert done(commands) == ["venv", "packages", "project", "index"]


def test_the_other_engine_has_an_environment_of_its_own(
    checkout: Path, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.main()
    commands.clear()
    monkeypatch.setattr(setup, "VENV", checkout / ".venv-cdktn")
    monkeypatch.setattr(setup, "BIN", checkout / ".venv-cdktn" / "bin")

    setup.main()

    assert done(commands) == ["venv", "packages", "project", "node", "index"]
    (installing,) = [command for command in commands if "--requirement" in command]
    assert installing[-1] == "engines/cdktn/requirements.txt"
    assert (checkout / ".venv-cdktn" / "bin" / "cdktn").is_symlink()
    assert (checkout / ".venv" / ".packages").is_file()

    commands.clear()
    setup.main()
    assert commands == []


def test_an_index_that_is_gone_from_jsiis_cache_is_made_again(commands: Commands) -> None:
    setup.main()
    (setup.VENV / "index").unlink()
    commands.clear()

    setup.main()

    assert done(commands) == ["index"]


def test_what_was_interrupted_is_done_from_its_beginning(
    checkout: Path, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as interrupted:
        interrupted.setattr(setup, "pip", interrupt)
        assert "run `make setup` again to continue" in refusal(setup.main)
    leftover = checkout / ".venv" / "half-a-package"
    leftover.write_text("")
    commands.clear()

    setup.main()

    assert not leftover.exists()
    assert done(commands) == ["venv", "packages", "project", "node", "index"]


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_command_that_fails_is_named(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*command: object) -> None:
        raise subprocess.CalledProcessError(1, ["npm", "ci"])

    monkeypatch.setattr(setup, "install_node_packages", fail)

    assert refusal(setup.main).endswith("then run `make setup` again.\n  npm ci")


def test_packages_are_checked_against_the_locks_hashes(commands: Commands) -> None:
    setup.main()

    (installing,) = [command for command in commands if "--requirement" in command]
    assert installing[-3:] == ("--require-hashes", "--requirement", "requirements.txt")


# what it refuses


def test_a_python_that_is_too_old_gets_one_message(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))

    assert refusal(setup.main) == (
        f"setup: Python 3.11 or newer is needed; {sys.executable} is 3.10.\n"
        "Use another: make setup PYTHON=python3.11"
    )
    assert commands == []


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_that_cannot_make_environments_gets_one_message(
    commands: Commands, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == module else object())

    assert refusal(setup.main) == (
        f"setup: {sys.executable} lacks the module {module}, which creates virtual environments.\n"
        "On Debian and Ubuntu: apt-get install python3-venv"
    )
    assert commands == []


@pytest.mark.parametrize("name", ["setup.py", "terraform.py"])
def test_pythons_too_old_to_run_the_set_up_can_read_it(name: str) -> None:
    ast.parse((ROOT / "scripts" / "dev" / name).read_text(), feature_version=(3, 7))


# Terraform


def release(content: bytes = b"#!/bin/sh\n") -> bytes:
    """A release as HashiCorp packs it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("LICENSE.txt", "")
        archive.writestr("terraform", content)
    return packed.getvalue()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without Terraform, and the folder that it goes into."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    return tmp_path


def serve(monkeypatch: pytest.MonkeyPatch, content: bytes) -> list[str]:
    """Answer every request with the content; the addresses that were asked for."""
    asked: list[str] = []

    def urlopen(address: str, timeout: float) -> io.BytesIO:
        asked.append(address)
        return io.BytesIO(content)

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    return asked


def present(folder: Path, version: str, name: str = "terraform") -> None:
    """Put a Terraform that says it is of this version into a folder."""
    program = folder / name
    program.write_text(f'#!/bin/sh\necho \'{{"terraform_version": "{version}"}}\'\n')
    program.chmod(0o755)


def test_the_pinned_terraform_is_unpacked_where_there_is_none(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = serve(monkeypatch, release())
    monkeypatch.setitem(terraform.SHA256, "linux_amd64", hashlib.sha256(release()).hexdigest())

    terraform.install_terraform(machine)

    assert asked == ["https://releases.hashicorp.com/terraform/1.11.4/terraform_1.11.4_linux_amd64.zip"]
    assert os.access(machine / "terraform", os.X_OK)
    assert [path.name for path in machine.iterdir()] == ["terraform"]


def test_a_release_that_is_not_the_pinned_one_is_not_installed(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(monkeypatch, release(b"something else"))

    with pytest.raises(terraform.SetupRefused, match="is not the pinned release: its SHA-256 is"):
        terraform.install_terraform(machine)

    assert list(machine.iterdir()) == []


@pytest.mark.parametrize("name", ["terraform", "tofu"])
@pytest.mark.parametrize("version", ["1.10.0", "1.11.4", "1.15.2-beta1", "2.0.0"])
def test_a_terraform_on_the_path_that_will_do_is_used(
    machine: Path, monkeypatch: pytest.MonkeyPatch, version: str, name: str
) -> None:
    asked = serve(monkeypatch, b"")
    (machine / "elsewhere").mkdir()
    present(machine / "elsewhere", version, name)
    monkeypatch.setenv("PATH", f"{machine / 'elsewhere'}:/bin")

    terraform.install_terraform(machine)

    assert asked == []


def test_a_terraform_on_the_path_that_is_too_old_is_not_used(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = serve(monkeypatch, release())
    monkeypatch.setitem(terraform.SHA256, "linux_amd64", hashlib.sha256(release()).hexdigest())
    (machine / "elsewhere").mkdir()
    present(machine / "elsewhere", "1.9.8")
    monkeypatch.setenv("PATH", f"{machine / 'elsewhere'}:/bin")

    terraform.install_terraform(machine)

    assert len(asked) == 1


def test_a_release_that_cannot_be_fetched_gets_one_message(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def urlopen(address: str, timeout: float) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr("urllib.request.urlopen", urlopen)

    with pytest.raises(terraform.SetupRefused) as refused:
        terraform.install_terraform(machine)

    assert "linux_amd64.zip: no route to host\nInstall Terraform 1.10 or newer so that" in str(refused.value)


def test_a_machine_without_a_pinned_release_gets_one_message(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")

    with pytest.raises(terraform.SetupRefused, match="No Terraform release is pinned for linux_riscv64"):
        terraform.install_terraform(machine)


# make


def test_make_alone_lists_every_command() -> None:
    listed = subprocess.check_output(MAKE, cwd=ROOT, text=True)

    commands = [line.split()[1] for line in (ROOT / "Makefile").read_text().splitlines() if ".PHONY" in line]
    assert len(commands) >= 15
    for command in commands:
        assert f"  make {command} " in listed


def test_a_terraform_configuration_that_is_not_there_is_not_passed_on(tmp_path: Path) -> None:
    show = (*MAKE, "--eval", 'show: ; @echo "[$$TF_CLI_CONFIG_FILE]"', "show")
    there = tmp_path / "there"
    there.write_text("")

    def shown(file: Path) -> str:
        environment = os.environ | {"TF_CLI_CONFIG_FILE": str(file)}
        return subprocess.check_output(show, cwd=ROOT, env=environment, text=True).strip()

    assert shown(there) == f"[{there}]"
    assert shown(tmp_path / "missing") == "[]"
