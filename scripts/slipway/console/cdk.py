"""The engine that synthesises, cdktf or cdktn: which is chosen, its Python, and its command line."""

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
    """The engine of a checkout: from ENGINE, else from the file .engine, else the one that this Python has.

    An ENGINE that is not an engine's name is ignored: it may be meant for another program.
    """
    file = root / REMEMBERED
    remembered = file.read_text("utf-8", "replace") if file.is_file() else ""
    named = (said.strip().lower() for said in (environment.get("ENGINE", ""), remembered))
    return next((name for name in named if name in ENVIRONMENTS), own_engine())


def own_engine() -> str:
    """The engine that is installed in this Python; cdktf if neither or both are."""
    return "cdktn" if _has("cdktn") and not _has("cdktf") else "cdktf"


def python(root: Path, environment: Mapping[str, str] = os.environ) -> str:
    """The Python in which a checkout's engine is installed. Raises UsageError if it is not installed."""
    chosen = engine(root, environment)
    if _has(chosen):
        return sys.executable
    other = root / ENVIRONMENTS[chosen] / "bin" / "python"
    if not other.exists():
        raise UsageError(
            f"the engine {chosen} is not installed",
            why=f"ENGINE or the file {REMEMBERED} chooses {chosen}, but {other} does not exist",
            then=f"run {command_line('make', 'setup', f'ENGINE={chosen}')}",
        )
    return str(other)


def cdk(*words: object) -> str:
    """A command line of the chosen engine, to paste into a shell: ``npx cdktf deploy '*'``."""
    return command_line(*COMMANDS[engine(Path.cwd())], *words)


def _has(package: str) -> bool:
    """Whether the package itself is installed: constructs_lib redirects imports between the engines."""
    return PathFinder.find_spec(package) is not None
