"""Runs programs so that none outlives this process: each in its own session."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process, SubprocessStreamProtocol
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slipway.console.errors import SlipwayError

LAST_WORDS = 1.0  # seconds for the pipes of a killed process to close while the event loop runs
LONGEST_LINE = 512 * 1024 * 1024  # bytes; Terraform prints a whole plan as one line


@dataclass(frozen=True)
class Program:
    """What to run.

    grace: seconds to end after an interrupt, before it is killed. Default: 0. remedy: what to do if it cannot
    be started. Default: run make setup.
    """

    arguments: tuple[str, ...]
    directory: Path
    environment: Mapping[str, str]
    grace: float = 0
    remedy: str = "run make setup, then try again"


@dataclass(frozen=True)
class Finished:
    """How a program ended. error: what it wrote to stderr."""

    exit_code: int
    error: str

    @property
    def words(self) -> str:
        """What it wrote to stderr; the exit code if it wrote nothing."""
        ended = f"signal {-self.exit_code}" if self.exit_code < 0 else f"exit code {self.exit_code}"
        return self.error.strip() or f"it ended with {ended}, without a message"


def ignore(_line: str) -> None:
    """Do nothing: for output that is not needed."""


async def run(program: Program, on_line: Callable[[str], None] = ignore) -> Finished:
    """Run a program to its end. on_line: called with each line of its stdout. Raises SlipwayError.

    A cancellation sends SIGINT, continues to read, and after the grace kills the program and everything that
    it started; a second cancellation kills at once.
    """
    async with AsyncExitStack() as up:
        process = await _start(program, up)
        reading = asyncio.ensure_future(_read(process, on_line))
        whole = False
        try:
            error = await asyncio.shield(reading)
            finished = Finished(await process.wait(), error)
            whole = True
            return finished
        except asyncio.CancelledError:
            await _interrupt(process, reading, program.grace)
            raise
        finally:
            try:
                if not whole:
                    _kill(process)
                    await asyncio.wait([reading], timeout=LAST_WORDS)
            finally:
                reading.cancel()  # after another cancellation too: nobody listens any more


@asynccontextmanager
async def started(
    *arguments: str,
    limit: int = 64 * 1024,
    **named: Any,  # noqa: ANN401 - of subprocess.Popen
) -> AsyncIterator[Process]:
    """A process while the block runs; then it is killed if it still runs, and its pipes are closed.

    asyncio itself closes them when nothing has them open any more, and ``Process.wait`` waits for that: for a
    daemon that the process started, too.
    limit: the longest line that can be read, in bytes. named: as for ``asyncio.create_subprocess_exec``.
    """
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.subprocess_exec(
        lambda: SubprocessStreamProtocol(limit, loop), *arguments, **named
    )
    process = Process(transport, protocol, loop)
    try:
        yield process
    finally:
        transport.close()
        await process.wait()


async def _start(program: Program, up: AsyncExitStack) -> Process:
    """Start the program in its own session, so that Ctrl-C in the terminal reaches only this process."""
    process = started(
        *program.arguments,
        cwd=program.directory,
        env=dict(program.environment),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        start_new_session=True,
        limit=LONGEST_LINE,
    )
    try:
        return await up.enter_async_context(process)
    except OSError as error:
        name = program.arguments[0]
        missing = isinstance(error, FileNotFoundError)
        why = f"{error.filename} not found" if missing else f"{error.filename}: {error.strerror}"
        raise SlipwayError(f"cannot run {name}", why=why, then=program.remedy) from error


async def _read(process: Process, on_line: Callable[[str], None]) -> str:
    """Pass on the lines of stdout. Returns stderr."""
    assert process.stdout is not None  # both are pipes
    assert process.stderr is not None
    error = asyncio.ensure_future(process.stderr.read())
    async for line in process.stdout:
        on_line(line.decode("utf-8", "replace").rstrip("\n"))
    return (await error).decode("utf-8", "replace")


async def _interrupt(process: Process, reading: "asyncio.Future[str]", grace: float) -> None:
    """Send SIGINT, and wait up to ``grace`` seconds for the end."""
    if process.returncode is not None or not grace:
        return
    process.send_signal(signal.SIGINT)
    await asyncio.wait([reading], timeout=grace)


def _kill(process: Process) -> None:
    """Kill all processes of the session: the program, and what it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
