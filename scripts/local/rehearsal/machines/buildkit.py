"""The docker command that builds: the first on the PATH that has BuildKit, as AWS's build images have it.

Since Docker 23 BuildKit needs a plugin, buildx, which not every package of Docker brings; an older docker
beside it, or a newer one, may build as AWS does.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from local.rehearsal.machines.programs import attempt


def docker_with_buildkit(environment: Mapping[str, str], directory: Path) -> dict[str, str]:
    """The environment, in which ``docker`` is one that has BuildKit, if there is one; else as it was.

    directory: where the way to it is made.
    """
    path = environment.get("PATH", os.defpath)
    commands = [Path(word, "docker") for word in path.split(os.pathsep)]
    found = [command for command in commands if os.access(command, os.X_OK)]
    able = next((each for each in found if _has_buildkit(each)), None)
    if able is None or able == found[0]:
        return dict(environment)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "docker").unlink(missing_ok=True)
    (directory / "docker").symlink_to(able)
    return {**environment, "PATH": f"{directory}{os.pathsep}{path}"}


def _has_buildkit(docker: Path) -> bool:
    """It says so as soon as it is asked for anything about builds."""
    return attempt(str(docker), "build", "--help", environment={**os.environ, "DOCKER_BUILDKIT": "1"})
