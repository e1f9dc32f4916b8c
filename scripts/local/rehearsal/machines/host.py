"""The hosts of a rehearsal: what each knows of itself, and what runs on it."""

import json
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.rehearsal.machines.docker_engine import DockerEngine

HEALTH_SECONDS = 25  # health_check.sh gives a real host two minutes


@dataclass(frozen=True)
class RunningContainer:
    """A container: the commit that it is labelled with, and the digests that its image really has."""

    commit: str
    digests: tuple[str, ...]


@dataclass(frozen=True)
class Host:
    """A host. container: what the service's container is called; port: where it is published.

    environment: what the host's agent, and so every hook, runs with. facts: its host.env, as it starts.
    """

    name: str
    engine: DockerEngine
    container: str
    address: str
    port: int
    directory: Path
    environment: Mapping[str, str]
    facts: str = ""

    def runs(self) -> RunningContainer | None:
        """What the container that serves was made from; None if there is none, or it does not run."""
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
        """From now on it watches releases for so long, as ``watch_minutes`` says on a real host."""
        with self._facts.open("a", encoding="utf-8") as facts:
            facts.write(f"WATCH_SECONDS={seconds}\n")

    def clear(self) -> None:
        """Removes what runs here, and what was kept beside it."""
        for suffix in ("", "-next", "-previous"):
            self.engine.can("rm", "--force", "--volumes", self.container + suffix)

    def replace(self) -> None:
        """Makes it a host that has just started: nothing runs on it, and it knows of no deployment."""
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
        """Where its agent keeps deployments."""
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
) -> Host:
    """A host with its facts written. host_env: the file that the environment's real hosts get."""
    directory.mkdir(parents=True)
    facts = {
        "CONTAINER": container,
        "PUBLISH": f"{address}:{port}",
        "LOG_DRIVER": "json-file",
        "RUN_DIR": str(directory / "run"),
        "HEALTH_SECONDS": str(HEALTH_SECONDS),
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
    return Host(name, engine, container, address, port, directory, own_environment, host_env + own)
