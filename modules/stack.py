"""What the stacks of one pipeline have in common: where their state lies, their tags, their boundary."""

from constructs_lib.stack import Stack, StateLocation

from constructs import Construct

from modules.config.names import Names
from modules.config.settings import Pipeline


class PipelineStack(Stack):
    """A stack of the pipeline that the settings describe, in the service's account and region."""

    def __init__(
        self, scope: Construct, name: str, pipeline: Pipeline, *, environment: str = "shared"
    ) -> None:
        names = Names.of(pipeline)
        own_tags = {"service": pipeline.service, "environment": environment, "managed-by": "slipway"}
        super().__init__(
            scope,
            name,
            account=pipeline.account,
            region=pipeline.region,
            state=StateLocation(names.state_bucket, pipeline.region, names.state_key(name)),
            tags=pipeline.tags | own_tags,
            permissions_boundary=pipeline.permissions_boundary,
        )
        self.tags = pipeline.tags | own_tags
