"""Synthesises the stacks of pipeline.toml; ``cdktf`` and ``slipway`` run it."""

import os
import sys
from pathlib import Path

from constructs_lib.stack import App, UnknownStackError, leave, synthesise

from modules.access import AccessStack
from modules.config import adopted
from modules.config.load import SettingsError, load, warnings
from modules.config.settings import PipelineSettings
from modules.delivery import DeliveryStack
from modules.environment import EnvironmentStack
from modules.foundation import FoundationStack


def build(app: App, pipeline: PipelineSettings) -> None:
    """Instantiate every stack, and declare the order in which they are applied."""
    foundation = FoundationStack(app, pipeline)
    AccessStack(app, pipeline)
    environments = {
        environment.name: EnvironmentStack(app, pipeline, environment)
        for environment in pipeline.environments
    }
    delivery = DeliveryStack(app, pipeline)

    # A team's own resources go here: see "Your own resources" in the README.

    for name, platform in pipeline.own_platforms.items():
        environments[name].add_dependency(environments[platform])
    for environment in environments.values():
        environment.add_dependency(foundation)
        delivery.add_dependency(environment)


def main() -> int:
    """Write the Terraform JSON of every stack to cdktf.out; return 0, or 2 if the settings are invalid."""
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


if __name__ == "__main__":
    leave(main())
