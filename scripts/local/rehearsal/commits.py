"""Makes the commits of a rehearsal: this checkout's service and scripts, each with one change."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PARTS = ("app", "scripts", "appspec.yml", "buildspec.yml", "pipeline.toml", "pipeline.schema.json")
UNREADY = '\nENV SLIPWAY_FAULTS="unready"\n'

Change = Callable[[Path], None]


@dataclass(frozen=True)
class Commit:
    """A commit. name: how the record calls it; source: the directory of its files."""

    hash: str
    name: str
    source: Path


def make(root: Path, directory: Path, name: str, change: Change) -> Commit:
    """Copies the checkout's source for a commit and applies the change."""
    digest = hashlib.sha1(f"{directory}/{name}".encode(), usedforsecurity=False).hexdigest()
    source = directory / digest[:7]
    source.mkdir(parents=True)
    for part in PARTS:
        if (root / part).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "slipway", "dev")
            shutil.copytree(root / part, source / part, ignore=ignored)
        else:
            shutil.copy2(root / part, source / part)
    change(source)
    return Commit(digest, name, source)


def release(number: int) -> Change:
    """A change to the service's code, which changes one layer of its image."""

    def change(source: Path) -> None:
        (source / "app" / "RELEASE").write_text(f"{number}\n", encoding="utf-8")

    return change


def never_ready(source: Path) -> None:
    """A change after which the service starts but never becomes ready."""
    with (source / "app" / "Dockerfile").open("a", encoding="utf-8") as dockerfile:
        dockerfile.write(UNREADY)
