"""Prepares the process: streams, environment variables and arguments, and checks whose code runs."""

import os
import sys
from pathlib import Path

from slipway.console.errors import SlipwayError, UsageError

OPTIONAL = ("AWS_", "SLIPWAY_")
PACKAGE = Path("scripts", "slipway")


def prepare() -> None:
    """Make streams accept any text, unset empty variables, and check the arguments and the checkout."""
    _open_streams()
    _unset_empty_variables()
    _require_text(sys.argv[1:])
    _require_own_code(Path.cwd())


def give_up_output() -> None:
    """Redirect stdout to nowhere, so that Python does not retry the write at exit and report an error."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        return  # stdout does not exist


def _open_streams() -> None:
    """Open closed streams as /dev/null, and escape characters that a terminal cannot show.

    Python has None for a closed stream; printing to a stderr of None would print to stdout.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # as long as the process lasts
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _unset_empty_variables() -> None:
    """Unset empty variables: GitHub's workflows pass an unset variable as an empty one."""
    for name in [name for name, value in os.environ.items() if name.startswith(OPTIONAL) and not value]:
        del os.environ[name]


def _require_text(arguments: list[str]) -> None:
    for argument in arguments:
        if any("\ud800" <= character <= "\udfff" for character in argument):
            raise UsageError(f"an argument is not valid UTF-8: {argument!a}", then="type it again in UTF-8")


def _require_own_code(directory: Path) -> None:
    """Raise SlipwayError in a copied checkout, whose copied environment runs the original's code."""
    here, ours = directory / PACKAGE, Path(__file__).resolve().parents[1]
    if (here / "cli" / "app.py").is_file() and here.resolve() != ours:
        raise SlipwayError(
            "slipway would run the code of another checkout",
            why=f"the installed code is in {ours}, but this checkout is {directory.resolve()}",
            then="run make setup, which installs an environment for this checkout",
        )
