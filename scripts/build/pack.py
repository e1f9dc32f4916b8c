"""Packs a directory into a zip whose bytes depend on its files alone: not on times, owners or zlib."""

import sys
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

UNIX = 3
REGULAR_FILE = 0o100000


def pack(directory: Path, archive: Path) -> None:
    """Write every file below the directory to the archive, in order of name, with its mode."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    with ZipFile(archive, "w", ZIP_STORED) as out:
        for path in files:
            entry = ZipInfo(path.relative_to(directory).as_posix())  # 1980-01-01, unless it is told a time
            entry.create_system = UNIX
            entry.external_attr = (REGULAR_FILE | path.stat().st_mode & 0o777) << 16
            out.writestr(entry, path.read_bytes())


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
