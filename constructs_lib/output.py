"""Writes a synthesis to its directory in whole files: an interruption leaves what was there before."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EISDIR
from os import environ, getpid, strerror
from pathlib import Path

from constructs_lib.failures import SynthesisError

MANIFEST = "manifest.json"


def output_directory() -> Path:
    """The directory for the stacks: CDKTF_OUTDIR, or cdktf.out."""
    return Path(environ.get("CDKTF_OUTDIR") or "cdktf.out")


@contextmanager
def writing(directory: Path) -> Iterator[None]:
    """Raises SynthesisError instead of the errors of Python and of Node that a file cannot be written."""
    try:
        yield
    except OSError as error:
        raise SynthesisError(_why(directory, f"{error.strerror}: {error.filename}")) from error
    except RuntimeError as error:
        # Node's errors of the file system are texts, such as "ENOSPC: no space left on device, write".
        if not re.match("E[A-Z]+: ", str(error)):
            raise
        raise SynthesisError(_why(directory, str(error))) from error


def _why(directory: Path, reason: str) -> str:
    return (
        f"the stacks cannot be written to {directory}: {reason}. Let CDKTF_OUTDIR name a directory that can"
        " be created and written, and TMPDIR one with space for the same files"
    )


def replace(directory: Path, temporary: Path) -> None:
    """Replace the files in a directory by those in another one: first all are copied, then all replaced.

    Files that the other one does not have stay.
    """
    if not (temporary / MANIFEST).is_file():
        raise SynthesisError(_why(directory, f"Node wrote nothing to {temporary}"))
    copies: list[tuple[Path, Path]] = []
    try:
        for path in sorted(temporary.rglob("*"), key=lambda path: path.name == MANIFEST):
            target = directory / path.relative_to(temporary)
            if path.is_dir() and not path.is_symlink():
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_dir():
                raise IsADirectoryError(EISDIR, strerror(EISDIR), str(target))
            copies.append((target.with_name(f".{getpid()}-{target.name}"), target))
            shutil.copy2(path, copies[-1][0], follow_symlinks=False)
        for copy, target in copies:
            copy.replace(target)
    finally:
        for copy, _ in copies:
            copy.unlink(missing_ok=True)
