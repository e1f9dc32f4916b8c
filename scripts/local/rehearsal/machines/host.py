"""The hosts of a rehearsal: their settings, and the containers that run on them."""

import json
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.rehearsal.machines.docker_engine import DockerEngine

HEALTH_SECONDS = 25  # on a real host health_check.sh waits two minutes


@dataclass(frozen=True)
class RunningContainer:
    """A running container. commit: from its label; digests: of the image that it was started from."""

    commit: str
    digests: tuple[str, ...]


@dataclass(frozen=True)
class Host:
    """A host. container: the name of the service's container; port: where it is published.

    environment: of the host's CodeDeploy agent, and so of every hook. facts: its host.env when it starts.
    group: the id of the group that its processes run with, to be told apart by this machine's packet filter.
    """

    name: str
    engine: DockerEngine
    container: str
    address: str
    port: int
    directory: Path
    environment: Mapping[str, str]
    facts: str = ""
    group: int | None = None

    def runs(self) -> RunningContainer | None:
        """The service's container; None if it does not exist or is not running."""
        if not self.engine.can("container", "inspect", self.container):
            return None
        (container,) = json.loads(self.engine.docker("container", "inspect", self.container))
        if not container["State"]["Running"]:
            return None
        (image,) = json.loads(self.engine.docker("image", "inspect", container["Image"]))
        return RunningContainer(
            commit=container["Config"]["Labels"].get("slipway.commit", ""),
            digests=tuple(name.partition("@")[2] for name in image["RepoDigests"]),
        )

    def watches(self, seconds: int) -> None:
        """Sets for how many seconds this host watches a release: ``watch_minutes`` on a real host."""
        with self._facts.open("a", encoding="utf-8") as facts:
            facts.write(f"WATCH_SECONDS={seconds}\n")

    @property
    def containers(self) -> list[str]:
        """The names of the service's container, and of those that a deployment keeps beside it."""
        return [self.container + suffix for suffix in ("", "-next", "-previous")]

    def clear(self) -> None:
        """Removes its containers."""
        for name in self.containers:
            self.engine.can("rm", "--force", "--volumes", name)

    def replace(self) -> None:
        """Makes this a host that has just been launched: no containers, images or earlier deployments."""
        self.clear()
        if self.engine.private:
            self.engine.remove_images("*")
        for kept in (self.agent_root, self.directory / "run"):
            shutil.rmtree(kept, ignore_errors=True)
        self._facts.write_text(self.facts, encoding="utf-8")

    @property
    def _facts(self) -> Path:
        return self.directory / "host.env"

    @property
    def agent_root(self) -> Path:
        """The directory in which its CodeDeploy agent keeps deployments."""
        return self.directory / "deployment-root"


def make_host(
    name: str,
    engine: DockerEngine,
    *,
    directory: Path,
    address: str,
    port: int,
    container: str,
    host_env: str,
    environment: Mapping[str, str],
    group: int | None = None,
    health_seconds: int = HEALTH_SECONDS,
) -> Host:
    """A host with its host.env written. host_env: the text of the file on the environment's real hosts.

    health_seconds: how long health_check.sh waits for a release to become healthy.
    """
    directory.mkdir(parents=True)
    facts = {
        "CONTAINER": container,
        "PUBLISH": f"{address}:{port}",
        "LOG_DRIVER": "json-file",
        "RUN_DIR": str(directory / "run"),
        "HEALTH_SECONDS": str(health_seconds),
    }
    own = "".join(f"{key}={shlex.quote(value)}\n" for key, value in facts.items())
    (directory / "host.env").write_text(host_env + own, encoding="utf-8")
    (directory / "home").mkdir()
    own_environment = {
        **environment,
        **engine.environment,
        "HOME": str(directory / "home"),
        "SLIPWAY_HOST_ENV": str(directory / "host.env"),
    }
    return Host(name, engine, container, address, port, directory, own_environment, host_env + own, group)
