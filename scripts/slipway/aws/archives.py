"""Zips that others made: what goes wrong with them, and unpacking one without leaving the directory."""

import lzma
import struct
import zlib
from pathlib import Path
from zipfile import BadZipFile, ZipFile

BROKEN = (
    *(BadZipFile, EOFError, IndexError, OSError, RuntimeError, ValueError),
    *(lzma.LZMAError, struct.error, zlib.error),
)
"""What zipfile raises for a zip that is none, cut off, damaged, encrypted, or packed or named oddly."""


def unpack(archive: Path, directory: Path) -> None:
    """Unpack with the modes that the zip says. What is named with `..` or a root lands below all the same.

    A link comes out as a file that holds where it led. Raises one of ``BROKEN`` for a broken zip.
    """
    with ZipFile(archive) as bundle:
        for member in bundle.infolist():
            path = Path(bundle.extract(member, directory))
            mode = member.external_attr >> 16 & 0o777
            if mode and path.is_file():
                path.chmod(mode)
