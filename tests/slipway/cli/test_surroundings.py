"""Environments that nobody prepared: one plain message and a documented exit code, never a traceback."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from slipway.aws.clients import Aws
from slipway.console.errors import UsageError
from tests.slipway import commands
from tests.slipway.commands import ROOT, Answer

KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}
NOWHERE = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
MAIN = "from slipway.cli import main; main()"
CLOSED = (
    "import os, sys; os.close(int(sys.argv[1])); os.execv(sys.executable, [sys.executable, *sys.argv[2:]])"
)


def slipway(*arguments: str, more: Mapping[str, str]) -> Answer:
    """Run a command in the test's own process."""
    return commands.slipway(*arguments, directory=ROOT, variables={**KEYS, **NOWHERE, **more})


def started(
    *arguments: str | bytes,
    directory: Path = ROOT,
    closed: int | None = None,
    stdout: Path | None = None,
    more: Mapping[str, str] | None = None,
) -> Answer:
    """Run a command as a process. closed: a descriptor. stdout: where it goes in place of a pipe."""
    before = [] if closed is None else [sys.executable, "-c", CLOSED, str(closed)]
    command = [*before, *([] if before else [sys.executable]), "-c", MAIN, *arguments]
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}", **KEYS, **NOWHERE, **(more or {})}
    with (stdout or Path(os.devnull)).open("w") as output:
        ended = subprocess.run(
            command,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output if stdout else subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            check=False,
        )
    return Answer(ended.returncode, ended.stdout or "", ended.stderr)


def is_one_message(answer: Answer, said: str, code: int) -> None:
    assert answer.code == code, answer.words
    assert answer.words.startswith(f"error: {said}")
    assert "Traceback" not in answer.words
    assert "Exception ignored" not in answer.words


@pytest.mark.parametrize(
    "address",
    [
        *("localhost:4566", "http://", "ftp://localhost", "4566", "http:///x"),
        *("http://[", "http://localhost:port", "http://localhost:99999"),
    ],
)
def test_an_endpoint_that_is_no_address_is_named(address: str) -> None:
    is_one_message(
        slipway("status", more={"AWS_ENDPOINT_URL": address}),
        f"AWS_ENDPOINT_URL is not a valid URL: {address}",
        2,
    )


def test_the_endpoint_of_one_service_is_held_to_the_same() -> None:
    answer = slipway("status", more={"AWS_ENDPOINT_URL_STS": "4566"})
    is_one_message(answer, "AWS_ENDPOINT_URL_STS is not a valid URL: 4566", 2)


def test_what_botocore_stumbles_over_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise ValueError("invalid literal")

    monkeypatch.setattr("boto3.Session.client", stumble)
    with pytest.raises(UsageError, match="invalid AWS settings") as refused:
        Aws("eu-central-1").client("sts")
    assert refused.value.why == "invalid literal"


def test_words_for_a_standard_error_that_is_closed_are_not_data() -> None:
    answer = started("validate", closed=2, more={"SLIPWAY_SETTINGS": "/nowhere"})
    assert (answer.code, answer.data) == (2, "")


@pytest.mark.parametrize("name", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_certificates_that_are_not_there_are_not_a_network_that_cannot_be_reached(name: str) -> None:
    is_one_message(
        slipway("status", more={name: "/nowhere"}), f"{name} names a file that does not exist: /nowhere", 2
    )


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("echo nonsense", "Expecting value"),
        ("no-such-program", "no-such-program"),
        ("echo '[]'", ""),
        ("false", ""),
        ("echo {}", ""),
    ],
)
def test_a_credential_process_that_does_not_work_is_told_as_one(
    tmp_path: Path, program: str, said: str
) -> None:
    (tmp_path / "config").write_text(f"[default]\ncredential_process = {program}\n")
    more = {"AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    answer = slipway("status", more={"PATH": os.environ["PATH"], **more})
    is_one_message(answer, "no AWS credentials found", 1)
    assert said in answer.words


@pytest.mark.parametrize(
    "command", ["config delete NAME --env prod", "rollback --env prod", "resume --env prod", "destroy"]
)
def test_a_closed_standard_input_is_nobody_at_the_terminal(command: str) -> None:
    is_one_message(
        started(*command.split(), closed=0), "confirmation required, but stdin is not a terminal", 2
    )


@pytest.mark.parametrize("descriptor", [1, 2])
def test_a_closed_output_is_no_bug(descriptor: int) -> None:
    answer = started("validate", closed=descriptor)
    assert answer.code == 0
    assert "Traceback" not in answer.words


@pytest.mark.parametrize("arguments", [["validate"], ["--help"], ["rollback", "--help"]])
def test_an_output_that_is_full_is_one_message(arguments: list[str]) -> None:
    answer = started(*arguments, stdout=Path("/dev/full"))
    is_one_message(answer, "standard output cannot be written\n  why:  No space left on device", 1)


@pytest.mark.parametrize(
    "arguments", [["status", "--env", b"\xff\xfe"], ["logs", "--filter", b"\xc3("], [b"\xff"]]
)
def test_an_argument_that_is_no_text_is_refused(arguments: list[str | bytes]) -> None:
    is_one_message(started(*arguments), "an argument is not valid UTF-8: '", 2)


def test_what_a_terminal_cannot_show_is_spelled_out(tmp_path: Path) -> None:
    (tmp_path / "main.py").touch()
    (tmp_path / "pipeline.toml").write_text('service = "ünïcode"\n', encoding="utf-8")
    plain = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    answer = started("validate", directory=tmp_path, more=plain)
    assert answer.code == 2
    assert r"\xfcn\xefcode" in answer.words
    assert "Traceback" not in answer.words


def test_a_variable_that_is_empty_is_as_one_that_is_not_set() -> None:
    empty = dict.fromkeys(
        ("SLIPWAY_SETTINGS", "AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE", "AWS_REGION"), ""
    )
    assert slipway("validate", more=empty).data.startswith("my-app-foundation\n")
    is_one_message(slipway("status", more={**empty, "AWS_PROFILE": "x"}), "no AWS credentials found", 1)


def test_main_py_takes_an_empty_name_of_settings_as_none(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, ROOT / "main.py"],
        cwd=tmp_path,
        env={**os.environ, "SLIPWAY_SETTINGS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 2
    assert "pipeline.toml does not exist" in answer.stderr


def test_in_a_copied_checkout_the_originals_code_is_not_run(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "scripts" / "slipway", copy / "scripts" / "slipway")
    shutil.copy2(ROOT / "pipeline.toml", copy)
    (copy / "main.py").touch()
    answer = started("validate", directory=copy)
    is_one_message(answer, "slipway would run the code of another checkout", 1)
    assert "next: run make setup" in answer.words
