"""Synthesises the stacks of the settings' file, with adopt.toml beside it; what is wrong is one message."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from constructs_lib.stack import App, UnknownStackError, synthesise

from modules.config import adopted
from modules.config.load import SettingsError, load, warnings
from modules.config.settings import PipelineSettings


def synthesise_pipeline(build: Callable[[App, PipelineSettings], object]) -> int:
    """Write the Terraform JSON of every stack that ``build`` adds to an app for the settings.

    The settings are pipeline.toml, or the file in SLIPWAY_SETTINGS. Returns the exit code: 0, or 2 if the
    settings or adopt.toml are invalid; then stderr has the reason, and nothing is written.
    """
    settings = Path(os.environ.get("SLIPWAY_SETTINGS") or "pipeline.toml")
    try:
        pipeline = load(settings)
        for warning in warnings(pipeline):
            print(f"warning: {warning}", file=sys.stderr)
        blocks = adopted.blocks(adopted.load(settings.with_name(adopted.FILE)))
        synthesise(lambda app: build(app, pipeline), blocks)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except UnknownStackError as error:
        print(f"{adopted.FILE}: {error}; delete its table", file=sys.stderr)
        return 2
    return 0
