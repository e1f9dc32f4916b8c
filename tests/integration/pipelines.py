"""Small projects that the real `slipway` runs on: a pipeline.toml, and a main.py that copies ready stacks."""

import asyncio
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local import stacks
from local.emulator.process import Emulator
from modules.config import provider
from slipway.checkout import project as checkout
from slipway.terraform.progress.plain import PlainProgress
from slipway.terraform.stacks import manifest

ROOT = Path(__file__).parents[2]
ACCOUNT = "123456789012"
REGION: Final = "eu-central-1"
STATE_BUCKET = f"my-app-tfstate-{ACCOUNT}-{REGION}"
FOUNDATION, STAGING, DELIVERY = "my-app-foundation", "my-app-staging", "my-app-delivery"
PATIENT = 120.0  # seconds; what takes so long will not come any more

SETTINGS = f"""
service = "my-app"
account = "{ACCOUNT}"
region = "{REGION}"
source.repository = "example/my-app"
alerts.emails = ["team@example.com"]

[[environments]]
name = "staging"
cidr = "10.20.0.0/16"
plain_http = true
"""
MAIN = """
import os, pathlib, shutil
output = pathlib.Path(os.environ["CDKTF_OUTDIR"])
shutil.copytree("ready", output, dirs_exist_ok=True)
"""

Resources = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True)
class Project:
    """A directory that ``slipway`` is run in, and the environment it is run with."""

    root: Path
    environment: Mapping[str, str]

    @property
    def code(self) -> Path:
        """The checkout whose command runs: a whole copy of one runs its own, as ``slipway`` demands."""
        return self.root if (self.root / "scripts" / "slipway").is_dir() else ROOT

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Begin a command, in a session of its own, so that whatever it leaves behind is found."""
        return subprocess.Popen(
            [sys.executable, "-c", "from slipway.cli import main; main()", *arguments],
            cwd=self.root,
            env={**self.environment, "PYTHONPATH": f"{self.code}:{self.code / 'scripts'}"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        process = self.start(*arguments)
        output, error = process.communicate()
        return subprocess.CompletedProcess(arguments, process.returncode, output, error)


def small(root: Path, environment: Mapping[str, str], stacks: Mapping[str, Resources]) -> Project:
    """A project whose stacks have these resources; each stack needs those before it."""
    (root / "pipeline.toml").write_text(SETTINGS)
    (root / "main.py").write_text(MAIN)
    (root / "ready").mkdir()
    names = list(stacks)
    for name, resources in stacks.items():
        directory = root / "ready" / "stacks" / name
        directory.mkdir(parents=True)
        (directory / "cdk.tf.json").write_text(json.dumps(_stack(name, resources)))
    listed = {
        name: {
            "name": name,
            "workingDirectory": f"stacks/{name}",
            "dependencies": names[: names.index(name)],
        }
        for name in names
    }
    (root / "ready" / "manifest.json").write_text(json.dumps({"version": "0", "stacks": listed}))
    return Project(root, environment)


def _stack(name: str, resources: Resources) -> dict[str, object]:
    backend = {
        "bucket": STATE_BUCKET,
        "key": f"my-app/{name}.tfstate",
        "region": REGION,
        "encrypt": True,
        "use_lockfile": True,
    }
    stack: dict[str, object] = {"terraform": {"backend": {"s3": backend}}, "resource": resources}
    if not any(kind.startswith("aws_") for kind in resources):
        return stack  # starting the provider takes seconds, as often as Terraform does
    required = {"aws": {"source": provider.SOURCE, "version": provider.VERSION}}
    return {
        **stack,
        "terraform": {"backend": {"s3": backend}, "required_providers": required},
        "provider": {"aws": [{"region": REGION}]},
    }


def waiting(seconds: float) -> Resources:
    """A resource that takes some time to make, and needs nothing of AWS."""
    command = f"exec {sys.executable} -c 'import time; time.sleep({seconds})'"
    return {"terraform_data": {"slow": {"provisioner": [{"local-exec": {"command": command}}]}}}


def impossible(reason: str) -> Resources:
    """A resource that cannot be planned, with the reason that Terraform gives; needs nothing of AWS."""
    never = {"condition": '${terraform.workspace == ""}', "error_message": reason}
    return {"terraform_data": {"impossible": {"lifecycle": {"precondition": [never]}}}}


def slow_to_destroy(seconds: float) -> Resources:
    """A resource that takes some time to go."""
    command = f"exec {sys.executable} -c 'import time; time.sleep({seconds})'"
    destroyed = {"local-exec": {"when": "destroy", "command": command}}
    return {"terraform_data": {"slow": {"provisioner": [destroyed]}}}


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Return once the condition holds; fail if it never does."""
    deadline = time.monotonic() + PATIENT
    while not condition():
        assert time.monotonic() < deadline, f"it did not come to this: {what}"
        time.sleep(0.02)


def processes_of(root: Path) -> list[str]:
    """What still runs anywhere below a directory, or names it: nothing, if all was cleaned up."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            directory = (process / "cwd").readlink()
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if directory.is_relative_to(root) or str(root) in words:
            found.append(words)
    return found


def heard(process: "subprocess.Popen[str]", words: str) -> None:
    """Return once it has said so."""
    assert process.stderr is not None
    for line in process.stderr:
        if words in " ".join(line.split()):
            return
    raise AssertionError(f"it ended without saying: {words}")


def interrupt(process: "subprocess.Popen[str]") -> "tuple[str, str]":
    """Press Ctrl-C once; what it had said in the end."""
    process.send_signal(signal.SIGINT)
    return process.communicate(timeout=PATIENT)


def lines(text: str) -> Sequence[str]:
    """The lines of what was said, without the spaces between columns."""
    return [" ".join(line.split()) for line in text.splitlines()]


def apply(project: Project, emulator: Emulator) -> None:
    """Make the state bucket, and apply every stack of a project to an emulated AWS."""
    stacks.make_state_bucket(checkout.find(project.root), emulator)
    output = project.root / "applied" / "cdktf.out"
    shutil.copytree(project.root / "ready", output, dirs_exist_ok=True)
    environment = stacks.point_at(emulator, output)

    async def work() -> None:
        found = manifest.read(output)
        names = (stack.name for stack in found)
        with PlainProgress(names, write=lambda _line: None, clock=time.monotonic) as shown:
            await stacks.apply(emulator, found, environment, shown)

    asyncio.run(work())
