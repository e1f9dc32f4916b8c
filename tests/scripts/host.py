"""A host to run the real scripts on, with pretended programs on its PATH; a revision and its container."""

import json
import shutil
import signal
import stat
import subprocess
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.pretended.python import place_python
from tests.pretended.server import Server
from tests.scripts import programs
from tests.settings import minimal

ROOT = Path(__file__).parents[2]
REPOSITORY = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/my-app"
REALLY = ["bash", "cat", "cut", "dirname", "flock", "install", "rm", "sha256sum", "sort", "tail"]
FACTS = {
    "SERVICE": "my-app",
    "ENVIRONMENT": "prod",
    "REGION": "eu-central-1",
    "HOST_PORT": "8080",
    "APP_LOG_GROUP": "/my-app/prod/app",
    "PARAMETER_PATH": "/my-app/prod",
    "AWS_ACCESS": "false",
    "PUBLISH": "127.0.0.1:9",  # nobody listens on the discard port
}
APP: dict[str, object] = {**minimal().app.model_dump(mode="json"), "health_seconds": 10}
BUILT_AT = {"one": "2026-11-01T10:00:00Z", "two": "2026-11-02T10:00:00Z"}
EMPTY: dict[str, Any] = {
    "alarms": {},
    "alarms_at": {},
    "architecture": "amd64",
    "asked": [],
    "calls": [],
    "containers": {},
    "faults": [],
    "hangs": "",
    "images": [],
    "kill": None,
    "logs": "the last words of the container\n",
    "memory": 4_000_000_000,
    "log_streams": {"/my-app/prod/app": []},
    "proxy": False,
    "published": [],
    "parameters": [{"Name": "/my-app/prod/GREETING", "Value": "hello"}],
    "registry": {},
    "slept": 0,
    "tagged": 0,
    "unlimited": [],
}


def digest(commit: str) -> str:
    """A digest that is every commit's own."""
    return "sha256:" + commit.encode().hex().ljust(64, "0")


def image(commit: str) -> str:
    return f"{REPOSITORY}@{digest(commit)}"


@dataclass(frozen=True)
class Ended:
    """How a script ended, and all that it said."""

    status: int
    out: str
    err: str


class Host:
    """One host: what it knows, what is on it, and revisions to deploy to it.

    path: a directory of its own.
    """

    def __init__(self, path: Path, world: dict[str, Any] | None = None) -> None:
        self.path = path
        self.world = world or deepcopy(EMPTY)
        self.facts = FACTS | {"RUN_DIR": str(path / "run")}
        self.facts_file = path / "host.env"
        self.watch_minutes = 0
        self._programs = Server(self.world, programs.perform, programs.kill)
        self._install_programs()

    def _install_programs(self) -> None:
        """The pretended ones, and what every Linux has; nothing else can be found."""
        folder = self.path / "bin"
        folder.mkdir(parents=True)
        pretended = folder / "pretended"
        pretended.write_text(self._programs.client, encoding="utf-8")
        pretended.chmod(0o755)
        for name in (*programs.PROGRAMS, "timeout"):
            (folder / name).symlink_to(pretended)
        for name in REALLY:
            (folder / name).symlink_to(shutil.which(name) or f"/no/{name}")
        place_python(folder)

    def close(self) -> None:
        self._programs.shutdown()
        self._programs.server_close()

    def copy(self, path: Path) -> "Host":
        """Another host in the same state, its files among it."""
        copied = Host(path, deepcopy(self.world))
        if (self.path / "run").exists():
            shutil.copytree(self.path / "run", path / "run")
        return copied

    def build(self, commit: str, **app: object) -> None:
        """Put a commit's image into the registry. app: how it behaves. Default: healthy."""
        healthy = {"health": "200", "version": json.dumps({"commit": commit})}
        self.world["registry"][image(commit)] = healthy | app

    def fault(self, call: str, says: str, *, times: int = 1000) -> None:
        """Let calls that match fail, saying this."""
        self.world["faults"].append({"call": call, "says": says, "times": times})

    def mend(self) -> None:
        self.world |= {"faults": [], "kill": None}

    def kill(self, *, after: int, by: signal.Signals = signal.SIGKILL) -> None:
        """Kill the script, and what it has started, once it has changed so many things."""
        self.world |= {"kill": {"after": after, "signal": by}, "calls": []}

    def reboot(self) -> None:
        """Stop everything, and start what Docker starts by itself."""
        containers = self.world["containers"].values()
        for container in containers:
            container["State"]["Status"] = "exited"
        for container in containers:
            taken = any(each["State"]["Status"] == "running" for each in containers)
            if container["RestartPolicy"] == "always" and not taken:
                container["State"]["Status"] = "running"

    def revision(self, commit: str, **app: object) -> Path:
        """The revision of a commit, unpacked: the scripts as they are, image.json and app.json.

        app: what app.json says instead of what the settings say unless told.
        """
        bundle = self.path / f"revision-{commit}"
        watched = {"watch_minutes": {"prod": self.watch_minutes}}
        if not bundle.exists():
            (bundle / "scripts").mkdir(parents=True)
            for script in ("start_server.sh", "health_check.sh", "watch.sh", "lib.sh"):
                shutil.copy(ROOT / "scripts" / script, bundle / "scripts")
            content = {"repository": REPOSITORY, "commit": commit, "digest": digest(commit)}
            content |= {"built_at": BUILT_AT[commit]} if commit in BUILT_AT else {}
            (bundle / "image.json").write_text(json.dumps(content))
            (bundle / "app.json").write_text(json.dumps(APP | watched))
        if app:
            (bundle / "app.json").write_text(json.dumps(APP | watched | app))
        return bundle

    def start(self, commit: str) -> Ended:
        return self.run(commit, "start_server.sh")

    def check(self, commit: str) -> Ended:
        return self.run(commit, "health_check.sh")

    def watch(self, commit: str) -> Ended:
        return self.run(commit, "watch.sh")

    def deploy(self, commit: str) -> Ended:
        """Both, as CodeDeploy does; it has to succeed."""
        for script in ("start_server.sh", "health_check.sh"):
            ended = self.run(commit, script)
            assert ended.status == 0, ended.err
        return ended

    def run(self, commit: str, script: str) -> Ended:
        with self.begin(commit, script) as process:
            out, err = process.communicate(timeout=60)
        assert self.world["unlimited"] == [], "these calls have no time limit, and may hang for ever"
        return Ended(process.returncode, out, err)

    def begin(self, commit: str, script: str) -> "subprocess.Popen[str]":
        if self.facts_file.parent == self.path:
            self.facts_file.write_text("".join(f"{name}='{value}'\n" for name, value in self.facts.items()))
        process = subprocess.Popen(
            [self.revision(commit) / "scripts" / script],
            cwd="/",
            env={
                "PATH": str(self.path / "bin"),
                "SLIPWAY_HOST_ENV": str(self.facts_file),
                "DEPLOYMENT_ID": f"d-{commit}",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="surrogateescape",
            start_new_session=True,
        )
        self._programs.script = process.pid
        return process

    def actions(self) -> list[str]:
        """What was done since the last look: verbs of the calls that change something."""
        changes = programs.changes(self.world["calls"])
        self.world["calls"] = []
        return [" ".join(_verb(change.removeprefix("docker "))) for change in changes]

    def serving(self) -> str | None:
        """The commit that is asked when the host is asked."""
        running = [
            container
            for container in self.world["containers"].values()
            if container["State"]["Status"] == "running"
        ]
        return running[0]["Config"]["Labels"]["slipway.commit"] if running else None

    def container(self, name: str) -> dict[str, Any]:
        there: dict[str, Any] = self.world["containers"][name]
        return there

    def files(self) -> list[str]:
        """The files in the directory that only root can read, which it checks; without watch.sh's notes."""
        assert stat.S_IMODE((self.path / "run").stat().st_mode) == 0o700
        names = {path.name for path in (self.path / "run").iterdir()}
        return sorted(names - {"my-app.releases", "my-app.replaced"})


def _verb(line: str) -> list[str]:
    """The verb and the names of containers in a call; all the rest changes with the host."""
    words = line.split()
    if words[0] == "aws":
        return words[:3]
    names = [word for word in words[1:] if word.startswith("my-app") and "/" not in word]
    return [words[0], *names]
