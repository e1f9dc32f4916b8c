"""Synthesises the stacks of pipeline.toml; ``cdktf`` and ``slipway`` start it."""

import os
import sys
from pathlib import Path

from constructs_lib.stack import App
from modules.config.load import SettingsError, load, warnings
from modules.foundation import FoundationStack


def main() -> int:
    """Write every stack's Terraform below cdktf.out; 0, or 2 if the settings are wrong."""
    try:
        pipeline = load(Path(os.environ.get("SLIPWAY_SETTINGS", "pipeline.toml")))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    for warning in warnings(pipeline):
        print(f"warning: {warning}", file=sys.stderr)

    app = App()
    FoundationStack(app, pipeline)
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
