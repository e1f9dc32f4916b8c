"""Makes the environment that a command is started in one that the rest of it can rely on."""

import os
import sys
from pathlib import Path

from slipway.console.errors import SlipwayError, UsageError

OPTIONAL = ("AWS_", "SLIPWAY_")
PACKAGE = Path("scripts", "slipway")


def prepare() -> None:
    """Streams that can take any text, no variable that is set to nothing, and the code of this checkout."""
    _open_streams()
    _unset_empty_variables()
    _require_text(sys.argv[1:])
    _require_own_code(Path.cwd())


def give_up_output() -> None:
    """What could not be written is not tried again when the process ends, which would be told as a bug."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        return  # there is no standard output at all


def _open_streams() -> None:
    """Characters that a terminal lacks are spelled out. A stream that was closed is None to Python.

    To print to a standard error that is None would print to standard output.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # as long as the process lasts
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _unset_empty_variables() -> None:
    """GitHub's workflows give a variable that is not set as an empty one."""
    for name in [name for name, value in os.environ.items() if name.startswith(OPTIONAL) and not value]:
        del os.environ[name]


def _require_text(arguments: list[str]) -> None:
    for argument in arguments:
        if any("\ud800" <= character <= "\udfff" for character in argument):
            raise UsageError(f"an argument is not valid UTF-8: {argument!a}", then="type it again, as text")


def _require_own_code(directory: Path) -> None:
    """In a copy of a checkout, the copied environment's ``slipway`` would run the original's code."""
    here, ours = directory / PACKAGE, Path(__file__).resolve().parents[1]
    if (here / "cli" / "app.py").is_file() and here.resolve() != ours:
        raise SlipwayError(
            "this checkout is not the one that slipway runs the code of",
            why=f"it runs {ours}, and main.py here would run {directory.resolve()}",
            then="make setup, which gives this checkout an environment of its own",
        )
