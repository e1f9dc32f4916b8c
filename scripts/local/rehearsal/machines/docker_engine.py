"""The Docker engine that a rehearsal builds and runs with: this machine's, or else a private one."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from local.rehearsal.machines.docker_bridge import bridge
from local.rehearsal.machines.docker_daemon import Daemon, unmount
from local.rehearsal.machines.programs import attempt, run, undisturbed
from slipway.console.errors import SlipwayError

DATA = "data"
MISSING = """install Docker and start it, so that `docker version` names a server; or, as root on Linux,
install dockerd, iptables and iproute2 (Debian: docker.io iptables iproute2), and a private engine is used"""


@dataclass(frozen=True)
class DockerEngine:
    """An engine: the variables that lead to it, and whether it is ours alone; then also its daemon."""

    environment: Mapping[str, str]
    private: bool
    daemon: Daemon | None = field(default=None, compare=False)

    def docker(self, *arguments: str, stdin: bytes = b"") -> str:
        """Runs a docker command; what it printed."""
        return run("docker", *arguments, environment={**os.environ, **self.environment}, stdin=stdin)

    def can(self, *arguments: str) -> bool:
        """Runs a docker command whose failure is not an error; whether it went well."""
        return attempt("docker", *arguments, environment={**os.environ, **self.environment})

    def remove_images(self, reference: str) -> None:
        """Removes every image whose name matches, and that no container uses."""
        listed = self.docker("images", "--filter", f"reference={reference}", "--format", "{{.ID}}")
        for image in set(listed.split()):
            self.can("rmi", "--force", image)

    @property
    def version(self) -> str:
        """The Docker engine's version, such as ``20.10.24``."""
        return self.docker("version", "--format", "{{.Server.Version}}")

    @property
    def architecture(self) -> str:
        """The architecture of its images, in AWS's words."""
        machine = self.docker("info", "--format", "{{.Architecture}}")
        return {"aarch64": "arm64", "amd64": "x86_64"}.get(machine, machine)


@contextmanager
def engines(directory: Path, count: int) -> Iterator[list[DockerEngine]]:
    """The engine that `docker version` reaches, for everything; else so many private ones.

    Private engines go when the block ends. directory: where they keep everything; its path has to be
    short, for it holds sockets.
    """
    require_possible()
    if _answers({}):
        yield [DockerEngine({}, private=False)] * count
        return
    with ExitStack() as up:
        yield [up.enter_context(private_engine(directory / f"engine-{each}")) for each in range(count)]


def require_possible() -> None:
    """Raises SlipwayError unless there is an engine, or all that a private one needs."""
    if shutil.which("docker") is None:
        raise SlipwayError("there is no docker on the PATH", then=MISSING)
    if _answers({}):
        return
    missing = [name for name in ("dockerd", "iptables", "ip") if shutil.which(name) is None]
    if os.geteuid() != 0:
        raise SlipwayError("no Docker engine answers", why="only root can start a private one", then=MISSING)
    if missing:
        why = f"for a private one these are not here: {', '.join(missing)}"
        raise SlipwayError("no Docker engine answers", why=why, then=MISSING)


@contextmanager
def private_engine(directory: Path) -> Iterator[DockerEngine]:
    """An engine with its own state, socket and network; all of it is gone after the block.

    Images and containers lie in its directory's ``data``, which may be there already, as a mount may be.
    """
    (directory / DATA).mkdir(parents=True, exist_ok=True)
    environment = {"DOCKER_HOST": f"unix://{directory}/docker.sock"}
    (directory / "daemon.json").write_text("{}", encoding="utf-8")  # or it reads the machine's own
    try:
        with bridge() as network:
            daemon = Daemon(_command(directory, network.name), directory, lambda: _answers(environment))
            with _running(DockerEngine(environment, private=True, daemon=daemon), daemon) as engine:
                yield engine
    finally:
        with undisturbed():
            _remove(directory)


@contextmanager
def _running(engine: DockerEngine, daemon: Daemon) -> Iterator[DockerEngine]:
    """The engine while its daemon runs; at the end its containers go first."""
    daemon.start()
    try:
        yield engine
    finally:
        with undisturbed():
            if _answers(engine.environment) and (left := engine.docker("ps", "--all", "--quiet").split()):
                engine.can("rm", "--force", "--volumes", *left)
            daemon.stop()


def _command(directory: Path, bridge_name: str) -> list[str]:
    return [
        "dockerd",
        *("--host", f"unix://{directory}/docker.sock"),
        *("--data-root", f"{directory}/{DATA}", "--exec-root", f"{directory}/exec"),
        *("--pidfile", f"{directory}/pid", "--config-file", f"{directory}/daemon.json"),
        *("--max-download-attempts", "2"),  # what is tried again here is tried again by our scripts
        *("--bridge", bridge_name, "--iptables=false", "--ip-masq=false", "--ip-forward=false"),
    ]


def _answers(environment: Mapping[str, str]) -> bool:
    """Whether `docker version` reaches a server."""
    return attempt("docker", "version", environment={**os.environ, **environment})


def _remove(directory: Path) -> None:
    """A mount cannot be removed."""
    unmount(directory)
    shutil.rmtree(directory, ignore_errors=True)
    if directory.exists():
        raise SlipwayError(
            f"{directory} cannot be removed", then=f"see what is mounted there: grep {directory} /proc/mounts"
        )
