"""Makes Node run Slipway's JavaScript before its own, and cache compiled code."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def kept() -> Path | None:
    """The folder for Node's compile cache and jsii's files, within the virtual environment.

    None if the environment is read-only.
    """
    folder = Path(sys.prefix) / ".synthesis"
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    return folder if folder.is_dir() and os.access(folder, os.W_OK) else None


@contextmanager
def preloading(*files: Path) -> Iterator[None]:
    """Add the files to NODE_OPTIONS for the block, and restore it afterwards.

    --preserve-symlinks is the option that jsii's launcher gives the kernel, because jsii links packages.
    --max-semi-space-size=8 (MiB) saves memory, 20 MB with Node 24; NODE_OPTIONS can set another size.
    NODE_COMPILE_CACHE is set to a folder in the environment, unless it is set already
    (nodejs.org/api/module.html, "Module compile cache").
    """
    before = {name: os.environ.get(name) for name in ("NODE_OPTIONS", "NODE_COMPILE_CACHE")}
    required = (f'--require "{_quoted(file)}"' for file in files)
    options = ["--preserve-symlinks", *required, "--max-semi-space-size=8", before["NODE_OPTIONS"]]
    os.environ["NODE_OPTIONS"] = " ".join(filter(None, options))
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
