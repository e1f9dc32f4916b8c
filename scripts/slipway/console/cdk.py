"""Which engine synthesises, cdktf or cdktn: the Python that has it, and its own command line."""

import os
import sys
from collections.abc import Mapping
from importlib.machinery import PathFinder
from pathlib import Path

from slipway.console.errors import UsageError
from slipway.console.shell import command_line

ENVIRONMENTS = {"cdktf": ".venv", "cdktn": ".venv-cdktn"}
COMMANDS = {"cdktf": ("npx", "cdktf"), "cdktn": ("cdktn",)}
REMEMBERED = ".engine"


def engine(root: Path, environment: Mapping[str, str] = os.environ) -> str:
    """The engine of a checkout: as ENGINE says, or else .engine, or else as this Python has it.

    An ENGINE that is not an engine's name may be meant for some other program.
    """
    said = environment.get("ENGINE")
    if said not in ENVIRONMENTS:
        file = root / REMEMBERED
        said = file.read_text(encoding="utf-8").strip() if file.is_file() else None
    return said if said in ENVIRONMENTS else own_engine()


def own_engine() -> str:
    """The engine that this Python has; cdktf, where it has neither or both."""
    return "cdktn" if _has("cdktn") and not _has("cdktf") else "cdktf"


def python(root: Path, environment: Mapping[str, str] = os.environ) -> str:
    """The Python that has a checkout's engine. Raises UsageError if that engine is not installed."""
    chosen = engine(root, environment)
    if _has(chosen):
        return sys.executable
    other = root / ENVIRONMENTS[chosen] / "bin" / "python"
    if not other.exists():
        raise UsageError(
            f"the engine {chosen} is chosen, and not installed",
            why=f"ENGINE or the file {REMEMBERED} says {chosen}; {other} is not there",
            then=command_line("make", "setup", f"ENGINE={chosen}"),
        )
    return str(other)


def cdk(*words: object) -> str:
    """A line of the engine's own command, for a person to paste: ``npx cdktf deploy '*'``."""
    return command_line(*COMMANDS[engine(Path.cwd())], *words)


def _has(package: str) -> bool:
    """Whether this Python has it, under no other name: constructs_lib leads one engine's to the other's."""
    return PathFinder.find_spec(package) is not None
