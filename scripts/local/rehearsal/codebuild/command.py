"""Runs the CodeBuild project of the release command on a revision, as CodePipeline starts it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from local.rehearsal.codebuild import buildspec
from local.rehearsal.codebuild.environment import Build
from local.rehearsal.codebuild.run import play
from local.rehearsal.codedeploy import revisions
from local.rehearsal.codedeploy.revisions import Revision
from local.rehearsal.testbed import Testbed
from slipway.aws.archives import unpack


@dataclass(frozen=True)
class PlayedCommand:
    """A finished run of the project. said: its log."""

    succeeded: bool
    said: str


async def run_command(
    testbed: Testbed, project: str, revision: Revision, start: Mapping[str, str]
) -> PlayedCommand:
    """Runs a project's command in the revision's image. start: variables that override the project's."""
    aws, names = testbed.clients, testbed.project.names
    (found,) = aws.codebuild.batch_get_projects(names=[project])["projects"]
    variables = found["environment"]["environmentVariables"]
    lines: list[str] = []
    with TemporaryDirectory(prefix="slipway-command-", dir=testbed.directory) as directory:
        source, home = Path(directory, "source"), Path(directory, "home")
        home.mkdir()
        revisions.download(aws, revision, Path(directory, "revision.zip"))
        unpack(Path(directory, "revision.zip"), source)
        build = Build(
            source=source,
            project_name=project,
            account=names.account,
            region=names.region,
            uuid=str(uuid.uuid4()),
            container={**testbed.command_environment, **testbed.engine.environment, "HOME": str(home)},
            project={variable["name"]: variable["value"] for variable in variables},
            start=start,
        )
        spec = buildspec.parse(found["source"]["buildspec"], project)
        result = await play(spec, build, on_line=lines.append)
    said = "\n".join(lines)
    (testbed.logs / f"{project}-{build.uuid[:8]}.log").write_text(said, encoding="utf-8")
    return PlayedCommand(result.succeeded, said)
