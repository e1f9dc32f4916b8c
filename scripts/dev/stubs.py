"""Writes stubs for mypy under the other engine's package names, one line per module.

At run time constructs_lib/engine/either.py redirects one engine's names to the other's; mypy runs no code.
"""

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from constructs_lib.engine.either import ENGINES, choose_engine


def main(directory: Path) -> None:
    """Writes stubs for the engine that is not installed, below a directory."""
    own = choose_engine()
    assert own
    (other,) = (engine for engine in ENGINES if engine != own)
    _write(directory / other.core / "__init__.pyi", f"from {own.core} import *\n")
    _write(directory / other.bindings / "__init__.pyi", "")
    for module in iter_modules(import_module(own.bindings).__path__):
        line = f"from {own.bindings}.{module.name} import *\n"
        _write(directory / other.bindings / f"{module.name}.pyi", line)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
