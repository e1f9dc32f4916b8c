"""Packs a directory into a zip whose bytes depend only on its files, not on times, owners or zlib."""

import sys
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

UNIX = 3
REGULAR_FILE = 0o100000


def pack(directory: Path, archive: Path) -> None:
    """Write every file below ``directory`` to ``archive``, sorted by name, with its mode."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    with ZipFile(archive, "w", ZIP_STORED) as out:
        for path in files:
            entry = ZipInfo(path.relative_to(directory).as_posix())  # dated 1980-01-01 by default
            entry.create_system = UNIX
            entry.external_attr = (REGULAR_FILE | path.stat().st_mode & 0o777) << 16
            out.writestr(entry, path.read_bytes())


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
