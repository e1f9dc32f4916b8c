"""The Docker engine of a rehearsal: this machine's, or a private one if none is running."""

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
install dockerd, iptables and iproute2 (Debian: docker.io iptables iproute2) for a private engine"""


@dataclass(frozen=True)
class DockerEngine:
    """A Docker engine. environment: the variables that select it; private: whether this rehearsal started it.

    daemon: the process of a private engine.
    """

    environment: Mapping[str, str]
    private: bool
    daemon: Daemon | None = field(default=None, compare=False)

    def docker(self, *arguments: str, stdin: bytes = b"") -> str:
        """Runs a docker command and returns what it printed. Raises SlipwayError if it fails."""
        return run("docker", *arguments, environment={**os.environ, **self.environment}, stdin=stdin)

    def can(self, *arguments: str) -> bool:
        """Runs a docker command that may fail; whether it succeeded."""
        return attempt("docker", *arguments, environment={**os.environ, **self.environment})

    def remove_images(self, reference: str) -> None:
        """Removes every image whose name matches the reference and that no container uses."""
        listed = self.docker("images", "--filter", f"reference={reference}", "--format", "{{.ID}}")
        for image in set(listed.split()):
            self.can("rmi", "--force", image)

    @property
    def version(self) -> str:
        """The Docker engine's version, such as ``20.10.24``."""
        return self.docker("version", "--format", "{{.Server.Version}}")

    @property
    def architecture(self) -> str:
        """The architecture of its images by AWS's names: ``arm64`` or ``x86_64``."""
        machine = self.docker("info", "--format", "{{.Architecture}}")
        return {"aarch64": "arm64", "amd64": "x86_64"}.get(machine, machine)


@contextmanager
def engines(directory: Path, count: int, *, closed: int = 0) -> Iterator[list[DockerEngine]]:
    """As many engines as asked for: private ones, or the one that `docker version` reaches for all.

    Private engines are removed when the block ends. closed: so many of them, the last, give containers no way
    out. directory: where they keep their state; its path has to
    be short, because the paths of Unix sockets are limited. Raises SlipwayError if there is no engine and a
    private one cannot be started.
    """
    require_possible()
    if _answers({}):
        yield [DockerEngine({}, private=False)] * count
        return
    with ExitStack() as up:
        yield [
            up.enter_context(private_engine(directory / f"engine-{number}", way_out=number < count - closed))
            for number in range(count)
        ]


def require_possible() -> None:
    """Raises SlipwayError unless an engine is running, or a private one can be started."""
    if shutil.which("docker") is None:
        raise SlipwayError("docker is not on the PATH", then=MISSING)
    if _answers({}):
        return
    missing = [name for name in ("dockerd", "iptables", "ip") if shutil.which(name) is None]
    if os.geteuid() != 0:
        raise SlipwayError(
            "no Docker engine is running", why="only root can start a private one", then=MISSING
        )
    if missing:
        why = f"a private one needs programs that are not on the PATH: {', '.join(missing)}"
        raise SlipwayError("no Docker engine is running", why=why, then=MISSING)


@contextmanager
def private_engine(directory: Path, *, way_out: bool = True) -> Iterator[DockerEngine]:
    """An engine with its own state, socket and network; all of it is removed when the block ends.

    way_out: whether its containers can open connections. Default: yes. Images and containers are stored in
    its directory's ``data``, which may exist already, for example as a mount.
    """
    (directory / DATA).mkdir(parents=True, exist_ok=True)
    environment = {"DOCKER_HOST": f"unix://{directory}/docker.sock"}
    (directory / "daemon.json").write_text("{}", encoding="utf-8")  # instead of the machine's own
    try:
        with bridge(way_out=way_out) as network:
            daemon = Daemon(_command(directory, network.name), directory, lambda: _answers(environment))
            with _running(DockerEngine(environment, private=True, daemon=daemon), daemon) as engine:
                yield engine
    finally:
        with undisturbed():
            _remove(directory)


@contextmanager
def _running(engine: DockerEngine, daemon: Daemon) -> Iterator[DockerEngine]:
    """The engine while its daemon runs; containers are removed before the daemon stops."""
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
        *("--max-download-attempts", "2"),  # Slipway's scripts retry pulls themselves
        *("--bridge", bridge_name, "--iptables=false", "--ip-masq=false", "--ip-forward=false"),
    ]


def _answers(environment: Mapping[str, str]) -> bool:
    """Whether `docker version` reaches a server."""
    return attempt("docker", "version", environment={**os.environ, **environment})


def _remove(directory: Path) -> None:
    """Removes an engine's directory. Raises SlipwayError if a mount in it remains."""
    unmount(directory)
    shutil.rmtree(directory, ignore_errors=True)
    if directory.exists():
        raise SlipwayError(
            f"{directory} cannot be removed",
            then=f"unmount what is mounted there: grep {directory} /proc/mounts",
        )
