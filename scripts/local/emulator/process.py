"""Runs the emulated AWS as a child process that ends when this process ends."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from local.emulator import calls, environment, pid_file
from slipway.console.errors import SlipwayError
from slipway.console.shell import command_line
from slipway.processes.signals import deferred

START_SECONDS = 120.0  # more than needed: importing moto is slow on a busy machine
STOP_SECONDS = 10.0
STRICT = "strict"
FINDINGS = "findings.jsonl"
SCRIPTS = Path(__file__).resolve().parents[2]


@dataclass
class EmulatedAws:
    """A running emulated AWS."""

    endpoint: str
    account: str
    region: str

    @property
    def environment(self) -> dict[str, str]:
        """A complete environment for a process that uses this emulated AWS."""
        return environment.environment(self.endpoint, self.region)

    @property
    def shell_lines(self) -> list[str]:
        """The commands to paste into a shell so that it uses this emulated AWS."""
        return environment.shell_lines(self.endpoint, self.region)


@dataclass
class Emulator(EmulatedAws):
    """An emulated AWS that this process started."""

    directory: Path
    """Contains ``log``, its output; ``record``, its PID file; ``calls.jsonl``, the calls to it; and
    ``findings.jsonl``, values that AWS's models do not list (strict/door.py)."""
    _process: subprocess.Popen[bytes]
    kept: bool = field(default=False, init=False)

    def keep(self) -> None:
        """Lets the emulator run on when this process ends; without it, it ends with this process."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"keep\n")
        self._process.stdin.flush()
        _wait_for(self._process, self.directory, kept=True)
        self.kept = True


@contextmanager
def running(
    *,
    account: str,
    region: str,
    directory: Path | None = None,
    existing: Collection[str] = (),
    without: Collection[str] = (),
    iam_delays: int | None = None,
) -> Iterator[Emulator]:
    """An emulated AWS while the block runs, or longer after ``keep``.

    directory: for its log and record. Default: a temporary directory, which is removed with it.
    existing: ARNs of certificates and connections that the account has from the start.
    without: gaps of moto that are not filled, for tests of the gaps; STRICT to refuse no more than moto.
    iam_delays: a seed; roles and profiles are visible to other services only after some calls, as in AWS.
        Default: they are visible at once.
    Raises SlipwayError if it does not start.
    """
    place = directory or Path(tempfile.mkdtemp(prefix="slipway-emulator-"))
    place.mkdir(parents=True, exist_ok=True)
    _require_free(place)
    emulator = process = None
    try:
        with deferred():
            process = _start(place, _arguments(account, place, existing, without, iam_delays))
        emulator = Emulator(_wait_for(process, place, kept=False).endpoint, account, region, place, process)
        yield emulator
    finally:
        if emulator is None or not emulator.kept:
            if process is not None:
                _stop(process)
            if directory is None:
                shutil.rmtree(place, ignore_errors=True)


def _require_free(place: Path) -> None:
    """Raises SlipwayError if an emulator runs here already: its PID file would be overwritten."""
    if other := pid_file.read(place / "record"):
        python = ("env", f"PYTHONPATH={SCRIPTS}", sys.executable)
        stop = command_line(*python, "-m", "local.emulator", "stop", place / "record")
        raise SlipwayError(
            f"an emulated AWS is already running in {place}, at {other.endpoint}", then=f"stop it: {stop}"
        )


def _arguments(
    account: str, place: Path, existing: Collection[str], without: Collection[str], iam_delays: int | None
) -> list[str]:
    return [
        *(sys.executable, "-m", "local.emulator", "serve"),
        *("--account", account, "--record", str(place / "record"), "--calls", str(place / calls.NAME)),
        *(() if STRICT in without else ("--findings", str(place / FINDINGS))),
        *(f"--existing={arn}" for arn in existing),
        *(() if iam_delays is None else ("--iam-delays", str(iam_delays))),
        *(f"--without={gap}" for gap in without if gap != STRICT),
    ]


def _start(place: Path, command: list[str]) -> subprocess.Popen[bytes]:
    """Starts it in its own session: Ctrl-C must not end it while Terraform still releases a lock."""
    with (place / "log").open("wb") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
        )


def _wait_for(process: subprocess.Popen[bytes], place: Path, *, kept: bool) -> pid_file.PidFile:
    """Waits for its PID file, or for the change of ``kept`` in it; the content."""
    deadline = time.monotonic() + START_SECONDS
    while (said := pid_file.read(place / "record")) is None or said.kept != kept:
        if process.poll() is not None:
            raise SlipwayError("the emulated AWS did not start", why=_reason(place / "log"))
        if time.monotonic() > deadline:
            raise SlipwayError(
                f"the emulated AWS does not respond after {START_SECONDS:.0f} s", why=_reason(place / "log")
            )
        time.sleep(0.02)
    return said


def _reason(log: Path) -> str:
    """The last line of its log, which for an exception is its message."""
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "its log is empty"


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
