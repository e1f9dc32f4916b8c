"""Runs one script of an event as CodeDeploy's agent 1.x does: hook_executor.rb, execute_script.

Agent 2.x has a port of it, src/lifecycle_event/script.rs; ``ScriptSettings.major`` selects where they differ.
"""

import asyncio
import errno
import os
import shlex
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from local.rehearsal.codedeploy_agent.appspec import Script
from local.rehearsal.codedeploy_agent.script_log import ScriptLog, is_text
from slipway.processes.program import LONGEST_LINE, ignore

MAJORS: tuple[Literal[1, 2], ...] = (1, 2)
AFTER_TERM = {1: 180.0, 2: 5.0}
"""Seconds from SIGTERM to SIGKILL, by the agent's major version. 2.x sends SIGKILL after five seconds. 1.x
never does: it waits until the script ends (Ruby's popen3 joins the process). A rehearsal stops waiting."""


class ScriptFailed(Exception):
    """A script failed; the message is the agent's own."""


@dataclass(frozen=True)
class ScriptSettings:
    """How scripts are run.

    environment: the agent's own, which scripts inherit. directory: the agent's working directory, which is
    not the revision's (systemd starts it in /). on_line: called with each line of output. major: the agent's
    major version; hosts have 1.8. group: the id of the group that they run with. Default: this process's.
    after_term: seconds from SIGTERM to SIGKILL. Default: that version's.
    """

    environment: Mapping[str, str]
    directory: Path = Path("/")
    on_line: Callable[[str], None] = ignore
    major: Literal[1, 2] = 1
    after_term: float | None = None
    group: int | None = None

    @property
    def patience(self) -> float:
        """Seconds from SIGTERM to SIGKILL."""
        return AFTER_TERM[self.major] if self.after_term is None else self.after_term


async def run_script(
    script: Script, archive: Path, settings: ScriptSettings, variables: Mapping[str, str], log: ScriptLog
) -> None:
    """Runs a script; raises ScriptFailed if it fails, takes too long, or leaves its output open.

    archive: the unpacked revision. variables: for the script, in addition to the agent's environment.
    """
    path = _within_revision(archive, script)
    _make_executable(path, script, log)
    log.write(f"Script - {script.location}")
    output = _Output(log, settings.major)
    try:
        process = await _start(script, path, settings, variables, output)
        try:
            await _watch(process, output, script, settings.patience)
        finally:
            if process.returncode is None:
                _signal_group(process, signal.SIGKILL)
                await process.wait()
    finally:
        output.close()
    if process.returncode:
        raise ScriptFailed(f"{_prefix(script)} failed with exit code {_exit_code(process.returncode)}")


def _within_revision(archive: Path, script: Script) -> Path:
    """The script's path: File.join(archive, location), so a leading slash stays in the revision.

    The agent follows `..` out of the revision. A rehearsal does not: it runs only the revision's own scripts.
    """
    path = archive / script.location.lstrip("/")
    if "\0" in script.location or not path.resolve().is_relative_to(archive.resolve()):
        raise ScriptFailed(f"Script at specified location: {script.location!r} leads out of the revision")
    return path


def _make_executable(path: Path, script: Script, log: ScriptLog) -> None:
    """Raises ScriptFailed if the script does not exist; sets a missing execute bit, with a warning."""
    if not path.is_file():
        raise ScriptFailed(f"Script does not exist at specified location: {path}")
    if not os.access(path, os.X_OK):
        log.warn(
            f"Script at specified location: {script.location} is not executable."
            "  Trying to make it executable."
        )
        path.chmod(path.stat().st_mode | 0o111)


def _command(script: Script, path: Path) -> tuple[str, ...]:
    """The script itself, or su and sudo with it: platform/linux_util.rb, prepare_script_command."""
    sudo = ("sudo",) if script.sudo else ()
    if script.runas:
        return (*sudo, "su", script.runas, "-c", shlex.quote(str(path)))
    return (*sudo, str(path))


async def _start(
    script: Script, path: Path, settings: ScriptSettings, variables: Mapping[str, str], output: "_Output"
) -> Process:
    """Starts the script in its own process group; its stdin is a closed pipe."""
    command, environment = _command(script, path), {**settings.environment, **variables}
    try:
        process = await _execute(command, settings, environment, output)
    except OSError as error:
        if error.errno != errno.ENOEXEC:  # without a #! line Ruby runs it with sh, as shells do
            reason = f"{type(error).__name__} with message {error.strerror} - {path}"
            raise ScriptFailed(f"{_prefix(script)} failed with error {reason}") from error
        process = await _execute(("/bin/sh", *command), settings, environment, output)
    assert process.stdin is not None  # it is a pipe
    process.stdin.close()
    await output.listen()
    return process


async def _execute(
    command: tuple[str, ...], settings: ScriptSettings, environment: dict[str, str], output: "_Output"
) -> Process:
    return await asyncio.create_subprocess_exec(
        *command,
        cwd=settings.directory,
        env=environment,
        stdin=PIPE,
        stdout=output.stdout,
        stderr=output.stderr,
        process_group=0,
        group=settings.group,
    )


async def _watch(process: Process, output: "_Output", script: Script, after_term: float) -> None:
    """Waits for the process, then its stdout, then its stderr, with one deadline for all.

    platform/thread_joiner.rb. Raises ScriptFailed after the deadline.
    """
    deadline = asyncio.get_running_loop().time() + script.timeout
    if not await _within(deadline, asyncio.ensure_future(process.wait())):
        _signal_group(process, signal.SIGTERM)
        output.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), after_term)
        raise ScriptFailed(
            f"Script at specified location: {script.location} failed to complete in {script.timeout} seconds"
        )
    for name, reading in output.readings.items():
        if not await _within(deadline, reading):
            raise ScriptFailed(f"Script at specified location: {script.location} failed to close {name}")
        if error := reading.exception():
            raise ScriptFailed(f"{_prefix(script)} failed with error ArgumentError with message {error}")


async def _within(deadline: float, task: "asyncio.Future[object]") -> bool:
    left = max(0.0, deadline - asyncio.get_running_loop().time())
    done, _ = await asyncio.wait([task], timeout=left)
    return bool(done)


def _signal_group(process: Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _exit_code(returncode: int) -> str:
    """Ruby has no exit code for a process that a signal ended, and the agent prints nothing instead."""
    return str(returncode) if returncode > 0 else ""


def _prefix(script: Script) -> str:
    runas = f" run as user {script.runas}" if script.runas else ""
    return f"Script at specified location: {script.location}{runas}"


def _same(protocol: asyncio.StreamReaderProtocol) -> asyncio.StreamReaderProtocol:
    """The protocol itself: connect_read_pipe calls a function to get it."""
    return protocol


class _Output:
    """The stdout and stderr pipes of a script; each line goes to the log as it arrives.

    Both agents stop reading at the first line that is not UTF-8. 1.x has logged that line when its reader
    raises (String#strip); the pipe stays open, so a script that fills it blocks, and when the script has
    ended, its event fails with that error. 2.x closes the pipe and continues (tokio's Lines ends with an
    error).
    """

    def __init__(self, log: ScriptLog, major: int) -> None:
        self._log, self._major = log, major
        self._ends: dict[str, int] = {}
        self._transports: dict[str, asyncio.ReadTransport] = {}
        self._reading_ends: dict[str, int] = {}
        self.readings: dict[str, asyncio.Future[object]] = {}
        for name in ("STDOUT", "STDERR"):
            self._reading_ends[name], self._ends[name] = os.pipe()

    @property
    def stdout(self) -> int:
        return self._ends["STDOUT"]

    @property
    def stderr(self) -> int:
        return self._ends["STDERR"]

    async def listen(self) -> None:
        """Starts reading. The script has inherited the pipes' write ends, so they are closed here."""
        for end in self._ends.values():
            os.close(end)
        self._ends = {}
        loop = asyncio.get_running_loop()
        for name in list(self._reading_ends):
            reader = asyncio.StreamReader(limit=LONGEST_LINE)
            protocol = asyncio.StreamReaderProtocol(reader)
            pipe = os.fdopen(self._reading_ends.pop(name), "rb", buffering=0)
            transport, _ = await loop.connect_read_pipe(partial(_same, protocol), pipe)
            self._transports[name] = transport
            self.readings[name] = asyncio.ensure_future(self._read(name, reader))

    async def _read(self, name: str, reader: asyncio.StreamReader) -> None:
        async for line in reader:
            text = line.decode("utf-8", "surrogateescape")
            if is_text(text):
                self._log.write(f"[{name.lower()}]{text}")
            elif self._major == 1:
                self._log.write(f"[{name.lower()}]{text}")
                self._transports[name].pause_reading()
                raise ValueError("invalid byte sequence in UTF-8")
            else:
                self._transports[name].close()
                return

    def close(self) -> None:
        """Closes the pipes: a process that still writes gets SIGPIPE, as from the agent."""
        for reading in self.readings.values():
            reading.cancel()
        for transport in self._transports.values():
            transport.close()
        for end in (*self._ends.values(), *self._reading_ends.values()):
            os.close(end)
        self._ends, self._reading_ends = {}, {}
