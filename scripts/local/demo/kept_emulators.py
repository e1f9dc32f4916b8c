"""Finds and stops the emulated AWS that a demo can leave running."""

from pathlib import Path

from local.emulator import pid_file

NAME = "demo"
EMULATOR = "aws"
RECORD = "record"


def is_kept(directory: Path) -> bool:
    """Whether an emulated AWS is running in a demo's directory."""
    return pid_file.read(directory / EMULATOR / RECORD) is not None


def stop_all(working: Path) -> list[str]:
    """Stops every emulated AWS that was kept; the names of the directories in which one was running."""
    directories = sorted(working.glob(f"{NAME}*/{EMULATOR}"))
    return [directory.parent.name for directory in directories if pid_file.stop(directory / RECORD)]
