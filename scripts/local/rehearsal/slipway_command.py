"""Runs `slipway` as an operator does: in its own process, against the emulated AWS."""

import asyncio
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from slipway.processes.program import started

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
    async with (
        asyncio.timeout(SECONDS),
        started(
            str(Path(sys.executable).with_name("slipway")),
            *arguments,
            cwd=project,
            env=dict(environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        ) as process,
    ):
        said, _ = await process.communicate()
    seconds = round(time.monotonic() - began, 2)
    return CommandResult(process.returncode or 0, said.decode("utf-8", "replace"), seconds)
