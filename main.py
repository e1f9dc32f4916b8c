"""Synthesises the stacks of pipeline.toml; ``cdktf`` and ``slipway`` run it."""

from constructs_lib.stack import App, leave

from modules.access import AccessStack
from modules.config.settings import PipelineSettings
from modules.delivery import DeliveryStack
from modules.environment import EnvironmentStack
from modules.foundation import FoundationStack
from modules.synthesis import synthesise_pipeline


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
    return synthesise_pipeline(build)


if __name__ == "__main__":
    leave(main())
