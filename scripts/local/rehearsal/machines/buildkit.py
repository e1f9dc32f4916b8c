"""Finds a docker command that has BuildKit, as CodeBuild's images have: the first on the PATH.

Since Docker 23 BuildKit needs the plugin buildx, which some packages of Docker do not contain. An older or
a newer docker elsewhere on the PATH may have BuildKit.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from local.rehearsal.machines.programs import attempt


def docker_with_buildkit(environment: Mapping[str, str], directory: Path) -> dict[str, str]:
    """The environment, changed so that ``docker`` is one that has BuildKit; unchanged if there is none.

    directory: where a symbolic link to that docker is made; it comes first on the PATH.
    """
    path = environment.get("PATH", os.defpath)
    commands = [Path(word, "docker") for word in path.split(os.pathsep)]
    found = [command for command in commands if os.access(command, os.X_OK)]
    able = next((command for command in found if _has_buildkit(command)), None)
    if able is None or able == found[0]:
        return dict(environment)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "docker").unlink(missing_ok=True)
    (directory / "docker").symlink_to(able)
    return {**environment, "PATH": f"{directory}{os.pathsep}{path}"}


def _has_buildkit(docker: Path) -> bool:
    """Whether ``docker build --help`` succeeds with BuildKit: it fails if the plugin is missing."""
    return attempt(str(docker), "build", "--help", environment={**os.environ, "DOCKER_BUILDKIT": "1"})
