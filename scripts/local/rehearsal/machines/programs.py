"""Programs of a rehearsal that run beside it: started, waited for, and gone when their block ends."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from slipway.console.errors import SlipwayError
from slipway.console.shell import command_line
from slipway.processes.signals import handling

START_SECONDS = 60.0
STOP_SECONDS = 30.0
LAST_LINES = 8


def require(programs: Mapping[str, str]) -> None:
    """Raises one error that names every program that is not on the PATH, and the package that brings it."""
    missing = {name: package for name, package in programs.items() if shutil.which(name) is None}
    if missing:
        install = command_line("apt-get", "install", *sorted(set(missing.values())))
        raise SlipwayError(
            f"a rehearsal needs programs that are not here: {', '.join(sorted(missing))}",
            then=f"install them; on Debian and Ubuntu: {install}",
        )


@contextmanager
def undisturbed() -> Iterator[None]:
    """Clean-up that an impatient second Ctrl-C does not cut short; it takes seconds."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Ctrl-C does not come here
        return
    with handling(lambda _signal, _frame: None):
        yield


@contextmanager
def serving(
    command: list[str], log: Path, *, ready: Callable[[], bool], environment: Mapping[str, str] = os.environ
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that serves while the block runs; in a session of its own, for a Ctrl-C is ours to handle.

    log: gets all it writes. ready: whether it answers already.
    """
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            env=dict(environment),
        )
    try:
        _wait_until(ready, process, command[0], log)
        yield process
    finally:
        with undisturbed():
            _stop(process)


def run(*arguments: str, environment: Mapping[str, str] = os.environ, stdin: bytes = b"") -> str:
    """Runs a short command to its end; what it printed. Raises SlipwayError with what it complained of."""
    done = subprocess.run(arguments, input=stdin, capture_output=True, check=False, env=dict(environment))
    if done.returncode:
        raise SlipwayError(
            f"{' '.join(arguments[:3])} … failed with {done.returncode}",
            why=done.stderr.decode("utf-8", "replace").strip() or "it did not say why",
        )
    return done.stdout.decode("utf-8", "replace").strip()


def attempt(*arguments: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Runs a short command whose failure is not an error; whether it went well."""
    done = subprocess.run(arguments, capture_output=True, check=False, env=dict(environment))
    return done.returncode == 0


def last_lines(log: Path) -> str:
    """What a program said in the end."""
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return "\n".join(lines[-LAST_LINES:]) or "it wrote nothing"


def _wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], name: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if process.poll() is not None:
            raise SlipwayError(f"{name} ended with {process.returncode} as it started", why=last_lines(log))
        if time.monotonic() > deadline:
            raise SlipwayError(f"{name} does not answer after {START_SECONDS:.0f} s", why=last_lines(log))
        time.sleep(0.02)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Asks it to end, then kills what is left of its session."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
