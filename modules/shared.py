"""The foundation stack's resources for the other stacks, which refer to them by name, never by state."""

from constructs_lib.artifact_store import ArtifactStore
from constructs_lib.key import NamedKey
from constructs_lib.repository import NamedRepository
from constructs_lib.topic import NamedTopic

from modules.config.names import Names


class Foundation:
    """The foundation's key, artifacts, images, layer cache and alerts, with their grants."""

    def __init__(self, names: Names) -> None:
        account, region = names.account, names.region
        self.key = NamedKey(alias=names.key_alias, account=account, region=region)
        self.artifacts = ArtifactStore(bucket=names.artifact_bucket, key=self.key, region=region)
        self.images = NamedRepository(name=names.repository, account=account, region=region)
        self.cache = NamedRepository(name=names.cache_repository, account=account, region=region)
        self.alerts = NamedTopic(name=names.topic, account=account, region=region, key=self.key)
