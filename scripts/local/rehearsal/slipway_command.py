"""Runs `slipway` as an operator does: in its own process, against the emulated AWS."""

import asyncio
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SECONDS = 600.0  # far more than a command takes


@dataclass(frozen=True)
class CommandResult:
    """A finished command. said: its stdout and stderr; seconds: how long it took."""

    exit_code: int
    said: str
    seconds: float


async def run_slipway(project: Path, environment: Mapping[str, str], *arguments: str) -> CommandResult:
    """Runs `slipway` with the arguments in the directory of pipeline.toml; killed after 600 seconds."""
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("slipway")),
        *arguments,
        cwd=project,
        env=dict(environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(SECONDS):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    seconds = round(time.monotonic() - began, 2)
    return CommandResult(process.returncode or 0, said.decode("utf-8", "replace"), seconds)
