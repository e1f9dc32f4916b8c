"""Has a Node that is started meanwhile run JavaScript of ours before its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def preloading(*files: Path) -> Iterator[None]:
    """Name the files in NODE_OPTIONS, which says afterwards what it said before.

    --preserve-symlinks is what jsii's launcher would have told the kernel: jsii links its packages.
    """
    before = os.environ.get("NODE_OPTIONS")
    required = (f'--require "{_quoted(file)}"' for file in files)
    os.environ["NODE_OPTIONS"] = " ".join([before or "", "--preserve-symlinks", *required]).strip()
    try:
        yield
    finally:
        if before is None:
            del os.environ["NODE_OPTIONS"]
        else:
            os.environ["NODE_OPTIONS"] = before


def _quoted(file: Path) -> str:
    return str(file).replace("\\", "\\\\").replace('"', '\\"')
