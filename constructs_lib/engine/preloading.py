"""Makes Node run Slipway's JavaScript before its own, and cache compiled code."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def kept() -> Path | None:
    """Where what Node compiled is kept, and the files that it is kept for: it goes with the environment.

    None where the environment is not ours to write to.
    """
    folder = Path(sys.prefix) / ".synthesis"
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    return folder if os.access(folder, os.W_OK) else None


@contextmanager
def preloading(*files: Path) -> Iterator[None]:
    """Name the files in NODE_OPTIONS, which says afterwards what it said before.

    --preserve-symlinks is what jsii's launcher would have told the kernel: jsii links its packages.
    NODE_COMPILE_CACHE, where it is not set, names a folder of the environment's own
    (nodejs.org/api/module.html, "Module compile cache").
    """
    before = {name: os.environ.get(name) for name in ("NODE_OPTIONS", "NODE_COMPILE_CACHE")}
    required = (f'--require "{_quoted(file)}"' for file in files)
    os.environ["NODE_OPTIONS"] = " ".join(
        [before["NODE_OPTIONS"] or "", "--preserve-symlinks", *required]
    ).strip()
    if folder := kept():
        os.environ.setdefault("NODE_COMPILE_CACHE", str(folder / "compiled"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is not None:
                os.environ[name] = value
            elif name in os.environ:
                del os.environ[name]


def _quoted(file: Path) -> str:
    return str(file).replace("\\", "\\\\").replace('"', '\\"')
