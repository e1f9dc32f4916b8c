"""Runs a buildspec as CodeBuild does: phase by phase, with what still runs after a failure.

docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from local.rehearsal.codebuild.artifacts import collect
from local.rehearsal.codebuild.buildspec import PHASES, Buildspec, Phase
from local.rehearsal.codebuild.environment import Build, environment
from local.rehearsal.codebuild.shell import Shell
from slipway.console.errors import SlipwayError
from slipway.processes.program import ignore

Status = Literal["SUCCEEDED", "FAILED", "TIMED_OUT"]
UPLOAD = "upload_artifacts"
TIMEOUT = 30 * 60.0  # as constructs_lib/build_project.py sets it


@dataclass(frozen=True)
class PhaseResult:
    """The result of a phase. message: why it failed."""

    name: str
    status: Status
    seconds: float
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class BuildResult:
    """The result of a build: its phases, its exported variables, and the files of its artifact."""

    phases: tuple[PhaseResult, ...]
    exported: Mapping[str, str] = field(default_factory=dict)
    artifact: Mapping[str, Path] = field(default_factory=dict)

    @property
    def succeeded(self) -> bool:
        """Whether every phase succeeded."""
        return all(phase.status == "SUCCEEDED" for phase in self.phases)

    @property
    def failure(self) -> PhaseResult | None:
        """The first phase that did not succeed; None if all did."""
        return next((phase for phase in self.phases if phase.status != "SUCCEEDED"), None)


async def play(
    spec: Buildspec,
    build: Build,
    *,
    on_line: Callable[[str], None] = ignore,
    timeout: float = TIMEOUT,
) -> BuildResult:
    """Runs a build to its end; if cancelled, ends the running command. timeout: in seconds."""
    variables = environment(build, spec.variables)
    with Shell(spec.shell, variables=variables, directory=build.source) as shell:
        playing = _BuildRun(spec, shell, on_line)
        try:
            async with asyncio.timeout(timeout):
                await playing.phases()
        except TimeoutError:
            playing.timed_out(timeout)
            return BuildResult(phases=tuple(playing.results))
        exported = await shell.values(spec.exported)
        artifact = playing.artifact(build.source)
    return BuildResult(phases=tuple(playing.results), exported=exported, artifact=artifact)


class _BuildRun:
    """One running build."""

    def __init__(
        self,
        spec: Buildspec,
        shell: Shell,
        on_line: Callable[[str], None],
    ) -> None:
        self.results: list[PhaseResult] = []
        self._spec, self._shell = spec, shell
        self._on_line = on_line
        self._name, self._began = "", 0.0

    async def phases(self) -> None:
        """Runs the phases. A failure ends the build, except that post_build runs after a failed build phase.

        on-failure overrides that: ABORT ends the build, CONTINUE goes on to the next phase.
        """
        for name in PHASES:
            phase = self._spec.phases.get(name, Phase())
            message = await self._phase(name, phase)
            goes_on = phase.on_failure == "CONTINUE" or (name == "build" and phase.on_failure is None)
            if message and not goes_on:
                return

    async def _phase(self, name: str, phase: Phase) -> str:
        """Runs one phase; `finally` always runs, and a failure in it fails the phase. Returns the failure."""
        self._enter(name)
        message = await self._commands(phase.commands)
        last = await self._commands(phase.last)
        message = message or last
        self._leave(message)
        if message:
            self._shell.set("CODEBUILD_BUILD_SUCCEEDING", "0")
        return message

    async def _commands(self, commands: tuple[str, ...]) -> str:
        """Runs commands until one fails; returns that failure, or ""."""
        for command in commands:
            self._on_line(f"$ {command}")
            code = await self._shell.run(command, self._on_line)
            if code:
                return f"`{command}` failed with exit code {code}"
        return ""

    def artifact(self, source: Path) -> Mapping[str, Path]:
        """The artifact's files; they are collected once the build phase ran, even if it failed."""
        played = {result.name for result in self.results}
        aborted = bool(self.results) and self._aborted(self.results[-1])
        if self._spec.artifacts is None or "build" not in played or aborted:
            return {}
        self._enter(UPLOAD)
        try:
            files = collect(self._spec.artifacts, source)
        except SlipwayError as error:
            # The last line of CodeBuild's log, whatever failed before (aws/copilot-cli issue 2780).
            self._on_line(f"Phase context status code: CLIENT_ERROR Message: {error.why}")
            self._leave(str(error))
            return {}
        self._leave("")
        return files

    def _aborted(self, result: PhaseResult) -> bool:
        phase = self._spec.phases.get(result.name, Phase())
        return result.status == "FAILED" and phase.on_failure == "ABORT"

    def timed_out(self, timeout: float) -> None:
        """Records that the running phase timed out; no other phase runs."""
        self._leave(f"the build took longer than {timeout:g} seconds", "TIMED_OUT")

    def _enter(self, name: str) -> None:
        self._name, self._began = name, time.monotonic()

    def _leave(self, message: str, failed: Status = "FAILED") -> None:
        status: Status = failed if message else "SUCCEEDED"
        self.results.append(PhaseResult(self._name, status, time.monotonic() - self._began, message))
