import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from local.rehearsal.machines import programs
from slipway.console.errors import SlipwayError

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(600)
"""


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def says(log: Path, words: str) -> bool:
    return words in log.read_text()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_is_missing_is_named_all_at_once_with_its_packages() -> None:
    with pytest.raises(SlipwayError) as error:
        programs.require({"no-such-one": "first", "nor-this": "second", "sh": "dash"})
    assert error.value.what == "a rehearsal needs programs that are not on the PATH: no-such-one, nor-this"
    assert error.value.then.endswith("apt-get install first second")


def test_a_program_serves_while_the_block_runs_and_is_gone_after_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = "import time; print('up', flush=True); time.sleep(600)"
    with programs.serving(python(code), log, ready=lambda: says(log, "up")) as process:
        assert is_alive(process.pid)
    assert process.returncode == -signal.SIGTERM


def test_a_program_that_does_not_end_when_asked_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "STOP_SECONDS", 0.1)
    log = tmp_path / "log"
    with programs.serving(python(STUBBORN), log, ready=lambda: says(log, "up")) as process:
        pass
    assert process.returncode == -signal.SIGKILL


def test_a_program_that_ends_as_it_starts_is_told_with_its_last_words(tmp_path: Path) -> None:
    command = python("import sys; sys.exit('no such port')")
    with (
        pytest.raises(SlipwayError) as error,
        programs.serving(command, tmp_path / "log", ready=lambda: False),
    ):
        pytest.fail("it never was ready")
    assert "ended with exit code 1 while it started" in error.value.what
    assert error.value.why == "no such port"


def test_a_program_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "START_SECONDS", 0.1)
    command = python("import time; time.sleep(600)")
    with (
        pytest.raises(SlipwayError, match="does not respond after"),
        programs.serving(command, tmp_path / "log", ready=lambda: False),
    ):
        pytest.fail("it never was ready")


def test_a_command_gives_what_it_printed() -> None:
    assert programs.run("cat", stdin=b"words\n") == "words"


def test_a_command_that_fails_is_told_with_its_complaint() -> None:
    with pytest.raises(SlipwayError) as error:
        programs.run("sh", "-c", "echo no good >&2; exit 3")
    assert error.value.what == "sh -c echo no good >&2; exit 3 … failed with exit code 3"
    assert error.value.why == "no good"


def test_an_attempt_says_whether_it_went_well() -> None:
    assert programs.attempt("true")
    assert not programs.attempt("false")


def test_clean_up_is_not_cut_short_by_a_second_signal() -> None:
    with programs.undisturbed():
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)


def test_a_program_may_be_stopped_by_any_thread(tmp_path: Path) -> None:
    command = python("import time; time.sleep(600)")
    up = ExitStack()
    process = up.enter_context(programs.serving(command, tmp_path / "log", ready=lambda: True))
    with ThreadPoolExecutor(max_workers=1) as other:
        other.submit(up.close).result(timeout=30)
    assert process.poll() is not None
