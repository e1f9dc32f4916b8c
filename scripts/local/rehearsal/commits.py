"""The commits of a rehearsal: this checkout's service and scripts, and what each commit changes in them."""

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
    """A commit: its hash, what people call it, and its source."""

    hash: str
    name: str
    source: Path


def make(root: Path, directory: Path, name: str, change: Change) -> Commit:
    """Lays out a commit's source: what is in the checkout, and the change."""
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
    """Changes the service's code, and so one layer of its image."""

    def change(source: Path) -> None:
        (source / "app" / "RELEASE").write_text(f"{number}\n", encoding="utf-8")

    return change


def never_ready(source: Path) -> None:
    """Breaks the service: it starts, and never says that it is ready."""
    with (source / "app" / "Dockerfile").open("a", encoding="utf-8") as dockerfile:
        dockerfile.write(UNREADY)
