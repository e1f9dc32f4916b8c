"""The engine that these tests do not run on: where it is, and what it synthesises."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from slipway.console import cdk
from tests.settings import variants
from tests.synthesis import synthesise

ROOT = Path(__file__).parents[2]
OTHER = {"cdktf": "cdktn", "cdktn": "cdktf"}[cdk.own_engine()]
ENVIRONMENT = ROOT / cdk.ENVIRONMENTS[OTHER]

Stacks = Mapping[str, Mapping[str, Any]]


def require() -> None:
    """Skip the test where the other engine is not installed."""
    if not (ENVIRONMENT / "bin" / "python").exists():
        pytest.skip(f"the engine {OTHER} is not installed: make other-engine brings it")


def version() -> str:
    """The other engine's version, as its environment has it."""
    asked = f"from importlib.metadata import version; print(version('{OTHER}'))"
    return subprocess.check_output([ENVIRONMENT / "bin" / "python", "-c", asked], text=True).strip()


def every_variant(directory: Path) -> dict[str, Stacks]:
    """Every stack of every variant of the settings, as the other engine synthesises it."""
    file = directory / "variants.json"
    subprocess.run(
        [ENVIRONMENT / "bin" / "python", "-m", __name__, file],
        cwd=ROOT,
        env=os.environ | {"ENGINE": OTHER, "PYTHONPATH": ".:scripts", "PATH": os.environ["PATH"]},
        check=True,
    )
    found: dict[str, Stacks] = json.loads(file.read_text())
    return found


if __name__ == "__main__":
    everything = {name: synthesise(settings).stacks for name, settings in variants().items()}
    Path(sys.argv[1]).write_text(json.dumps(everything))
