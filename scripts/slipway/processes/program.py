"""Runs programs so that none outlives us: each in a session of its own, stopped in its own way."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from slipway.console.errors import SlipwayError

LAST_WORDS = 1.0  # seconds for the pipes of what was killed to end, while there is a loop to close them
LONGEST_LINE = 512 * 1024 * 1024  # bytes; Terraform shows a whole plan as one line


@dataclass(frozen=True)
class Program:
    """What to run. grace: seconds it gets to end by itself once interrupted. Default: 0."""

    arguments: tuple[str, ...]
    directory: Path
    environment: Mapping[str, str]
    grace: float = 0


@dataclass(frozen=True)
class Finished:
    """How a program ended, and what it wrote to standard error."""

    exit_code: int
    error: str


def ignore(_line: str) -> None:
    """For output that nobody reads."""


async def run(program: Program, on_line: Callable[[str], None] = ignore) -> Finished:
    """Run a program to its end, handing on each line of its output as it comes.

    Cancelled, it first interrupts the program once, keeps reading, and after the grace kills it
    with everything it started; so does a second cancellation.
    """
    process = await _start(program)
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
        if not whole:
            await _kill(process)
            await asyncio.wait([reading], timeout=LAST_WORDS)
        reading.cancel()


async def _start(program: Program) -> Process:
    """Start it in a session of its own: a Ctrl-C in the terminal reaches us, and it only through us."""
    try:
        return await asyncio.create_subprocess_exec(
            *program.arguments,
            cwd=program.directory,
            env=dict(program.environment),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
            limit=LONGEST_LINE,
        )
    except FileNotFoundError as error:
        name = program.arguments[0]
        raise SlipwayError(
            f"cannot run {name}", why=f"{error.filename} is not there", then="run `make setup`, and try again"
        ) from error


async def _read(process: Process, on_line: Callable[[str], None]) -> str:
    """Hand on the lines of standard output; what stood on standard error comes back."""
    assert process.stdout is not None  # both are pipes
    assert process.stderr is not None
    error = asyncio.ensure_future(process.stderr.read())
    async for line in process.stdout:
        on_line(line.decode("utf-8", "replace").rstrip("\n"))
    return (await error).decode("utf-8", "replace")


async def _interrupt(process: Process, reading: "asyncio.Future[str]", grace: float) -> None:
    """Ask it once to end, and wait as long as it may take."""
    if process.returncode is not None or not grace:
        return
    process.send_signal(signal.SIGINT)
    await asyncio.wait([reading], timeout=grace)


async def _kill(process: Process) -> None:
    """Kill everything in its session that still runs: itself, or what it left behind when it ended."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
