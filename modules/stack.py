"""The base class of a pipeline's stacks: the location of their state, their tags, their boundary."""

from constructs_lib.stack import Stack, StateLocation

from constructs import Construct

from modules.config import provider
from modules.config.names import EnvironmentNames, Names


class PipelineStack(Stack):
    """A stack of a pipeline, in the account and region of its names.

    environment: the names of the environment that the stack belongs to. Default: none; all environments
        share it.
    """

    def __init__(
        self, scope: Construct, name: str, names: Names, *, environment: EnvironmentNames | None = None
    ) -> None:
        pipeline = names.pipeline
        own = environment or names
        shared_by = environment.environment if environment else "shared"
        own_tags = {"service": pipeline.service, "environment": shared_by, "managed-by": "slipway"}
        super().__init__(
            scope,
            name,
            account=own.account,
            region=own.region,
            state=StateLocation(names.state_bucket, pipeline.region, names.state_key(name)),
            tags=pipeline.tags | own_tags,
            provider_version=provider.VERSION,
            permissions_boundary=pipeline.permissions_boundary,
        )
        self.tags = pipeline.tags | own_tags
