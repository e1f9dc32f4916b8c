"""The emulator's life: it starts, answers, and is gone when whoever started it is gone."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from local.emulator import pid_file
from local.emulator.process import SCRIPTS, running
from slipway.console.errors import SlipwayError
from tests.local.emulator.clients import ACCOUNT, REGION
from tests.waiting import wait_until

COMMAND = [sys.executable, "-m", "local.emulator"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SCRIPTS)}


def answers(endpoint: str) -> bool:
    host, port = endpoint.removeprefix("http://").split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that runs an emulator, its record in tmp_path, and keeps it if it is told to go on."""
    program = f"""
        from pathlib import Path
        from local.emulator.process import running
        with running(account="{ACCOUNT}", region="{REGION}", directory=Path("{tmp_path}")) as emulator:
            input()
            emulator.keep()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], env=ENVIRONMENT, stdin=subprocess.PIPE
    ) as process:
        wait_until(lambda: pid_file.read(tmp_path / "record"), "the emulator's record")
        yield process
        process.kill()
    pid_file.stop(tmp_path / "record")


def test_it_answers_while_the_block_runs_and_is_gone_however_that_ends() -> None:
    with suppress(ZeroDivisionError), running(account=ACCOUNT, region=REGION) as emulator:
        answered = answers(emulator.endpoint)
        _ = 1 / 0
    assert answered
    assert not answers(emulator.endpoint)
    assert not emulator.directory.exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_it_ends_however_its_parent_dies(
    parent: subprocess.Popen[bytes], tmp_path: Path, number: signal.Signals
) -> None:
    written = pid_file.read(tmp_path / "record")
    assert written is not None
    parent.send_signal(number)
    wait_until(lambda: not answers(written.endpoint), "the emulator's end")


def test_kept_it_outlives_its_parent_until_it_is_stopped(
    parent: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    parent.communicate(b"go on\n")
    assert parent.returncode == 0
    written = pid_file.read(tmp_path / "record")
    assert written is not None
    assert written.kept
    assert answers(written.endpoint)
    subprocess.run([*COMMAND, "stop", str(tmp_path / "record")], env=ENVIRONMENT, check=True)
    assert not answers(written.endpoint)
    assert not (tmp_path / "record").exists()


def test_a_directory_in_which_one_runs_is_not_taken_over_and_the_error_says_how_to_stop_it(
    tmp_path: Path,
) -> None:
    with running(account=ACCOUNT, region=REGION, directory=tmp_path) as emulator:
        with (
            pytest.raises(SlipwayError, match=f"is already running in .*, at {emulator.endpoint}") as raised,
            running(account=ACCOUNT, region=REGION, directory=tmp_path),
        ):
            pass
        command = raised.value.then.removeprefix("stop it: ")
        finished = subprocess.run(command, shell=True, check=True, capture_output=True, text=True)
        assert not answers(emulator.endpoint)
    assert finished.stdout == "stopped\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_ends_quietly(tmp_path: Path, number: signal.Signals) -> None:
    path = tmp_path / "record"
    with subprocess.Popen(
        [*COMMAND, "serve", "--account", ACCOUNT, "--record", str(path)],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        wait_until(lambda: pid_file.read(path), "the emulator's record")
        assert process.stdout is not None
        endpoint = process.stdout.readline()
        process.send_signal(number)
        assert process.stdout.read() == ""
        assert process.wait() == 0
    assert endpoint.startswith("http://127.0.0.1:")
    assert not path.exists()


def test_an_emulator_that_does_not_start_says_why() -> None:
    with (
        pytest.raises(SlipwayError) as raised,
        running(account=ACCOUNT, region=REGION, existing=["not-an-arn"]),
    ):
        pass
    assert raised.value.what == "the emulated AWS did not start"
    assert "ValueError: not a certificate or a connection: not-an-arn" in raised.value.why


def test_a_developers_profile_does_not_keep_it_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "a-profile-that-is-not-there")
    with running(account=ACCOUNT, region=REGION) as emulator:
        assert answers(emulator.endpoint)
