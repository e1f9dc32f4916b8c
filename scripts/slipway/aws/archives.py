"""ZIP archives from elsewhere: which errors they cause, and unpacking one inside a directory only."""

import lzma
import struct
import zlib
from pathlib import Path
from zipfile import BadZipFile, ZipFile

BROKEN = (
    *(BadZipFile, EOFError, IndexError, OSError, RuntimeError, ValueError),
    *(lzma.LZMAError, struct.error, zlib.error),
)
"""What zipfile raises for a file that is no ZIP, or one that is cut off, damaged or encrypted."""


def unpack(archive: Path, directory: Path) -> None:
    """Unpack into a directory, with the file modes from the archive.

    Members with ``..`` or an absolute path are unpacked below the directory too. A symbolic link becomes a
    file that contains the link's target. Raises one of ``BROKEN`` for a broken archive.
    """
    with ZipFile(archive) as bundle:
        for member in bundle.infolist():
            path = Path(bundle.extract(member, directory))
            mode = member.external_attr >> 16 & 0o777
            if mode and path.is_file():
                path.chmod(mode)
