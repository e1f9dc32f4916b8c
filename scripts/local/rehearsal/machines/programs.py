"""Runs the programs that a rehearsal needs: short commands, and servers that end with their block."""

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
    """Raises one SlipwayError that names every missing program and the packages to install."""
    missing = {name: package for name, package in programs.items() if shutil.which(name) is None}
    if missing:
        install = command_line("apt-get", "install", *sorted(set(missing.values())))
        raise SlipwayError(
            f"a rehearsal needs programs that are not on the PATH: {', '.join(sorted(missing))}",
            then=f"install them; on Debian and Ubuntu: {install}",
        )


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ignores Ctrl-C while the block runs, so that clean-up, which takes seconds, is completed."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are handled in the main thread
        return
    with handling(lambda _signal, _frame: None):
        yield


@contextmanager
def serving(
    command: list[str], log: Path, *, ready: Callable[[], bool], environment: Mapping[str, str] = os.environ
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that runs as long as the block, in its own session, so that Ctrl-C does not reach it.

    log: receives its output. ready: whether it responds already. Raises SlipwayError if it ends early or does
    not respond in time.
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
    """Runs a short command and returns what it printed. Raises SlipwayError with its stderr if it fails."""
    done = subprocess.run(arguments, input=stdin, capture_output=True, check=False, env=dict(environment))
    if done.returncode:
        raise SlipwayError(
            f"{' '.join(arguments[:3])} … failed with exit code {done.returncode}",
            why=done.stderr.decode("utf-8", "replace").strip() or "it wrote nothing to stderr",
        )
    return done.stdout.decode("utf-8", "replace").strip()


def attempt(*arguments: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Runs a short command that may fail; whether it succeeded."""
    done = subprocess.run(arguments, capture_output=True, check=False, env=dict(environment))
    return done.returncode == 0


def last_lines(log: Path) -> str:
    """The last lines of a program's log."""
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return "\n".join(lines[-LAST_LINES:]) or "it wrote nothing"


def _wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], name: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if process.poll() is not None:
            raise SlipwayError(
                f"{name} ended with exit code {process.returncode} while it started", why=last_lines(log)
            )
        if time.monotonic() > deadline:
            raise SlipwayError(f"{name} does not respond after {START_SECONDS:.0f} s", why=last_lines(log))
        time.sleep(0.02)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Terminates the program; after 30 seconds kills its whole session."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
