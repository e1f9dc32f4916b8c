"""The environment variables of a build, as CodeBuild sets them; without side effects.

docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.rehearsal.codebuild.buildspec import RESERVED, VARIABLE
from slipway.console.shell import export


@dataclass(frozen=True, kw_only=True)
class Build:
    """One build: the directory of its source, and its variables.

    container: the variables of the build container: PATH, HOME, those for Docker and AWS. project: the
    variables of the build project. start: those with which its pipeline starts this build, such as the
    commit.
    """

    source: Path
    project_name: str
    account: str
    region: str
    uuid: str
    container: Mapping[str, str] = field(default_factory=dict)
    project: Mapping[str, str] = field(default_factory=dict)
    start: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """CodeBuild's id of a build: the project's name, a colon, and a UUID."""
        return f"{self.project_name}:{self.uuid}"


def environment(build: Build, spec: Mapping[str, str]) -> dict[str, str]:
    """Every variable of the build. spec: those that the buildspec declares.

    A variable given at the start of the build overrides the project's, and that overrides the buildspec's
    (build-spec-ref.html, env/variables). CodeBuild sets the names that it reserves.
    """
    given = {**spec, **build.project, **build.start}
    mine = {name: value for name, value in given.items() if not name.startswith(RESERVED)}
    return {**build.container, **mine, **_codebuilds_own(build)}


def _codebuilds_own(build: Build) -> dict[str, str]:
    return {
        "AWS_DEFAULT_REGION": build.region,
        "AWS_REGION": build.region,
        "CODEBUILD_BUILD_ARN": f"arn:aws:codebuild:{build.region}:{build.account}:build/{build.id}",
        "CODEBUILD_BUILD_ID": build.id,
        "CODEBUILD_BUILD_NUMBER": "1",
        "CODEBUILD_BUILD_SUCCEEDING": "1",
        "CODEBUILD_INITIATOR": "codepipeline/rehearsal",
        "CODEBUILD_SRC_DIR": str(build.source),
        "CODEBUILD_START_TIME": "0",
    }


def as_script(variables: Mapping[str, str]) -> str:
    """The variables as shell code, quoted so that any value is safe.

    Variables whose names are not valid in a shell, such as bash's exported functions, are left out.
    """
    named = ((name, value) for name, value in variables.items() if VARIABLE.fullmatch(name))
    return "".join(export(name, value) + "\n" for name, value in named)
