"""Stands in a host's way to docker, and does something at one step of its scripts, once."""

import asyncio
import shlex
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from local.rehearsal.machines.host import Host
from slipway.console.errors import SlipwayError

LOOK = 0.05
KILL = "kill -KILL 0"  # the script's whole process group, as its host's death would
WAIT = "touch {directory}/reached; while [ ! -e {directory}/done ]; do sleep 0.05; done"
PROGRAM = """\
#!/bin/sh
# {step}
case "$*" in
{pattern})
  if mkdir {directory}/taken 2>/dev/null; then
    {before}
    {docker} "$@"
    status=$?
    {after}
    exit $status
  fi
  ;;
esac
exec {docker} "$@"
"""


@dataclass(frozen=True)
class ScriptStep:
    """A step of start_server.sh: what people call it, and the docker command that makes it."""

    name: str
    pattern: str


def steps(container: str) -> Mapping[str, ScriptStep]:
    """The steps that change something, in their order."""
    found = (
        ScriptStep("pulled", "pull*"),
        ScriptStep("tagged", "tag*"),
        ScriptStep("next made", "create*"),
        ScriptStep("old renamed", f'"rename {container} {container}-previous"'),
        ScriptStep("next renamed", f'"rename {container}-next {container}"'),
        ScriptStep("old stopped", "stop*"),
        ScriptStep("new started", "start*"),
        ScriptStep("restarts settled", '"update --restart always"*'),
    )
    return {step.name: step for step in found}


def killed_after(host: Host, directory: Path, name: str) -> Host:
    """The host, but its script is killed once a step is done."""
    return _with(host, directory, steps(host.container)[name], after=KILL)


def saying_last(host: Host, directory: Path, pattern: str, text: str) -> Host:
    """The host, but a command of docker says something after its own words."""
    return _with(host, directory, ScriptStep("says", pattern), after=f"printf {shlex.quote(text)}")


@asynccontextmanager
async def meanwhile(host: Host, directory: Path, name: str, do: Callable[[], None]) -> AsyncIterator[Host]:
    """The host, but before a step something is done to it, and the script waits for that."""
    there = _with(host, directory, steps(host.container)[name], before=WAIT.format(directory=directory))

    async def work() -> None:
        while not (directory / "reached").exists():
            await asyncio.sleep(LOOK)
        await asyncio.to_thread(do)
        (directory / "done").touch()

    working = asyncio.create_task(work())
    try:
        yield there
        if not working.done():
            raise SlipwayError(f"the deployment ended, and never came to “{name}”")
        await working
    finally:
        working.cancel()


def _with(host: Host, directory: Path, step: ScriptStep, *, before: str = ":", after: str = ":") -> Host:
    directory.mkdir(parents=True)
    docker = shutil.which("docker", path=host.environment["PATH"])
    program = directory / "docker"
    program.write_text(
        PROGRAM.format(
            step=step.name,
            pattern=step.pattern,
            directory=shlex.quote(str(directory)),
            docker=shlex.quote(str(docker)),
            before=before,
            after=after,
        ),
        encoding="utf-8",
    )
    program.chmod(0o755)
    return replace(host, environment={**host.environment, "PATH": f"{directory}:{host.environment['PATH']}"})
