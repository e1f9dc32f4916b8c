"""The emulated AWS that a demo may leave up: where it is found again, and how it is stopped."""

from pathlib import Path

from local.emulator import pid_file

NAME = "demo"
EMULATOR = "aws"
RECORD = "record"


def is_kept(directory: Path) -> bool:
    """Whether an emulated AWS runs in a demo's directory."""
    return pid_file.read(directory / EMULATOR / RECORD) is not None


def stop_all(working: Path) -> list[str]:
    """Stop every emulated AWS that was kept; the names of the directories in which one ran."""
    directories = sorted(working.glob(f"{NAME}*/{EMULATOR}"))
    return [directory.parent.name for directory in directories if pid_file.stop(directory / RECORD)]
