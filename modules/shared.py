"""The foundation stack's resources for the other stacks, which refer to them by name, never by state."""

from constructs_lib.artifact_store import ArtifactStore
from constructs_lib.key import KnownKey, NamedKey, UsableKey
from constructs_lib.repository import NamedRepository
from constructs_lib.topic import NamedTopic

from modules.config import arns
from modules.config.names import Names


class Foundation:
    """The foundation's key, artifacts, images, layer cache and alerts, with their grants."""

    def __init__(self, names: Names) -> None:
        account, region = names.account, names.region
        self.key = _key(names)
        self.artifacts = ArtifactStore(bucket=names.artifact_bucket, key=self.key, region=region)
        self.images = NamedRepository(name=names.repository, account=account, region=region)
        self.cache = NamedRepository(name=names.cache_repository, account=account, region=region)
        self.alerts = named_alerts(names)


def named_alerts(names: Names) -> NamedTopic:
    """Return the topic of alerts: the foundation's, or one that exists already."""
    place, alerts = arns.place(names.topic_arn), names.pipeline.alerts
    of_the_topic = KnownKey(alerts.topic_key_arn) if alerts.topic_key_arn else None
    return NamedTopic(
        name=names.topic,
        account=place.account,
        region=place.region,
        key=of_the_topic if alerts.topic_arn else _key(names),
    )


def _key(names: Names) -> UsableKey:
    """The foundation's key: one that exists already, or the one that is created."""
    if names.pipeline.key_arn:
        return KnownKey(names.pipeline.key_arn)
    return NamedKey(alias=names.key_alias, account=names.account, region=names.region)
