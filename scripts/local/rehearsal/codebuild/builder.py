"""Runs buildspec.yml for a commit, with the variables that the delivery stack gives its builds."""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from local.rehearsal.codebuild import buildspec
from local.rehearsal.codebuild.environment import Build
from local.rehearsal.codebuild.run import play
from local.rehearsal.commits import Commit
from local.rehearsal.machines.docker_engine import DockerEngine
from local.rehearsal.machines.registry import ImageRegistry
from local.rehearsal.results.record import BuildRecord
from modules.config.names import Names
from slipway.console.errors import SlipwayError

LAST_LINES = 12
PUSHING = "scripts/build/push.sh"


@dataclass(frozen=True)
class Builder:
    """The settings that all builds of a rehearsal share.

    environment: of the build container. base_image: replaces the Dockerfile's own; empty to use that.
    fail_on_critical: from pipeline.toml.
    """

    names: Names
    engine: DockerEngine
    registry: ImageRegistry
    environment: Mapping[str, str]
    directory: Path
    base_image: str
    fail_on_critical: bool

    async def build(self, commit: Commit, began: float, uuid: str = "") -> BuildRecord:
        """Builds a commit; raises SlipwayError with the end of the build's log if it fails.

        uuid: for a build whose source has no commit; its images are tagged with the build's id. Default: a
        new one, and the images are tagged with the commit.
        """
        spec = buildspec.parse((commit.source / "buildspec.yml").read_text(encoding="utf-8"))
        started = time.monotonic()
        log = Log()
        with (self.directory / f"build-{commit.source.name}.log").open("w", encoding="utf-8") as log.file:
            result = await play(spec, self._build(commit, uuid), on_line=log)
        if failure := result.failure:
            raise SlipwayError(
                f"the build of {commit.name} failed in {failure.name}",
                why=f"{failure.message}\n{log.end}",
                then="look for the command in buildspec.yml and scripts/build/",
            )
        return BuildRecord(
            commit=commit.hash,
            digest=self.registry.digest(self.names.repository, commit.hash) or "",
            at=round(started - began, 2),
            seconds=round(time.monotonic() - started, 2),
            phases={phase.name: round(phase.seconds, 2) for phase in result.phases},
            push_seconds=round(log.seconds_of(PUSHING), 2),
        )

    def _build(self, commit: Commit, id: str) -> Build:
        home = commit.source.with_name(f"{commit.source.name}-home")  # for Docker's login
        home.mkdir(exist_ok=True)
        base = {"BASE_IMAGE": self.base_image} if self.base_image else {}
        return Build(
            source=commit.source,
            project_name=self.names.build_project,
            account=self.names.account,
            region=self.names.region,
            uuid=id or str(uuid.uuid4()),
            container={**self.environment, "HOME": str(home), **base},
            project=self._project(),
            start={} if id else {"COMMIT": commit.hash},
        )

    def _project(self) -> dict[str, str]:
        """The variables as modules/delivery.py sets them; registry and architecture are this machine's."""
        return {
            "SERVICE": self.names.service,
            "REGISTRY": self.registry.host,
            "IMAGE_REPOSITORY": f"{self.registry.host}/{self.names.repository}",
            "CACHE_REPOSITORY": f"{self.registry.host}/{self.names.cache_repository}",
            "REVISIONS": f"s3://{self.names.artifact_bucket}/{self.names.revision_prefix}",
            "ARCHITECTURE": self.engine.architecture,
            "FAIL_ON_CRITICAL": str(self.fail_on_critical).lower(),
        }


class Log:
    """A build's log: writes it to a file, keeps its last lines and the time when each command began."""

    file: TextIO

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._began: list[tuple[str, float]] = []

    def __call__(self, line: str) -> None:
        """Records one line of the build's output."""
        self.file.write(line + "\n")
        self._lines = [*self._lines[-LAST_LINES:], line]
        if line.startswith("$ "):
            self._began.append((line, time.monotonic()))

    @property
    def end(self) -> str:
        """The last lines of the log."""
        return "\n".join(self._lines)

    def seconds_of(self, command: str) -> float:
        """Seconds from the start of a command to the start of the next one; 0 if it did not run."""
        ends = [at for _, at in self._began[1:]]
        spans = zip(self._began, ends, strict=False)
        return next((end - at for (line, at), end in spans if command in line), 0.0)
