"""The committed pipeline, applied once for all tests that look at it, change it, and take it down.

The tests that ask for a later stage of its life run later, whatever file they are in: order.py.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.demo.kept_emulators import EMULATOR, RECORD
from local.emulator import calls, environment, pid_file
from slipway.aws.clients import Aws
from tests.integration.pipelines import REGION, ROOT, Project, processes_of

# What the committed settings leave off: applied here as well, so that a plan shows what is read back of it.
ALSO = {
    "plain_http = true": "quiet_minutes = 5\nplain_http = true",
    "minimum_hosts = 2": "minimum_hosts = 4",
    'deployment = "one_at_a_time"': "deployment = { percent = 50, zone_minutes = 10 }",
}
SOURCES = ("constructs_lib", "modules", "main.py", "pipeline.toml", "buildspec.yml", "appspec.yml", "scripts")
NOBODY = environment.environment("http://127.0.0.1:1", REGION)  # whoever asks this AWS fails


@dataclass(frozen=True)
class AppliedPipeline:
    """A copy of the committed pipeline whose stacks are applied to an emulated AWS, which runs.

    Its settings say a little more: ALSO.

    demo: what `slipway demo --keep`, which applied them, has said.
    """

    project: Project
    demo: "subprocess.CompletedProcess[str]"

    @property
    def aws(self) -> Aws:
        """Whom to ask."""
        return Aws(REGION, self.project.environment)

    @property
    def directory(self) -> Path:
        """Where the stacks lie that were applied."""
        return self.project.root / ".slipway" / "demo"

    @property
    def endpoint(self) -> str:
        """The emulated AWS."""
        return self.project.environment["AWS_ENDPOINT_URL"]

    @property
    def calls(self) -> Path:
        """The record of who called what."""
        return self.directory / EMULATOR / calls.NAME


@contextmanager
def applied(root: Path) -> Iterator[AppliedPipeline]:
    """Copy the pipeline and apply it; nothing of it runs after the block."""
    copy_checkout(root)
    _switch_on_more(root / "pipeline.toml")
    nobody = Project(root, NOBODY)
    done = nobody.run("demo", "--keep")
    try:
        assert done.returncode == 0, done.stderr
        kept = pid_file.read(root / ".slipway" / "demo" / EMULATOR / RECORD)
        assert kept is not None
        yield AppliedPipeline(Project(root, environment.environment(kept.endpoint, REGION)), done)
    finally:
        nobody.run("demo", "--stop")
    assert processes_of(root) == []


def copy_checkout(root: Path) -> None:
    """Copy what a command needs of the checkout into a directory."""
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, root / name)
    (root / "node_modules").symlink_to(ROOT / "node_modules")


def _switch_on_more(settings: Path) -> None:
    text = settings.read_text("utf-8")
    for committed, wanted in ALSO.items():
        assert text.count(committed) == 1, committed
        text = text.replace(committed, wanted)
    settings.write_text(text, "utf-8")
