"""The foundation stack: what all environments share and must never be lost."""

from constructs_lib.bucket import Bucket, Expiry
from constructs_lib.connection import Connection
from constructs_lib.repository import ExistingRepository, Repository
from constructs_lib.topic import NamedTopic, Topic

from cdktf import TerraformOutput
from cdktf_cdktf_provider_aws.codedeploy_app import CodedeployApp
from constructs import Construct

from modules.config.names import PUBLISHERS, Names
from modules.config.settings import PipelineSettings
from modules.keys import foundation_key
from modules.shared import named_alerts
from modules.stack import PipelineStack


class FoundationStack(PipelineStack):
    """Key, artifact bucket, image repositories, alert topic, CodeDeploy application and connection.

    Its children are public: ``key``, ``images`` and ``alerts`` (which may exist), ``artifacts``, ``cache``,
    ``application``, ``connection`` (if it creates one).
    """

    def __init__(self, scope: Construct, pipeline: PipelineSettings) -> None:
        names = Names.of(pipeline)
        super().__init__(scope, names.foundation_stack, names)
        self.key = foundation_key(self, names)
        self.artifacts = Bucket(
            self,
            "artifacts",
            name=names.artifact_bucket,
            key=self.key,
            # Only copies of the source expire. CodeDeploy fetches a revision again for new hosts and
            # rollbacks, so revisions are kept.
            expiries=[Expiry(names.source_artifact_prefix, days=90)],
            sends_events=_holds_the_source(pipeline, names),
        )
        self.images = self._images("images", pipeline, names)
        self.cache = self._cache("cache", pipeline, names)
        self.alerts = self._alerts("alerts", pipeline, names)
        self.application = CodedeployApp(
            self, "application", name=names.application, compute_platform="Server"
        )
        if pipeline.source.makes_connection:
            # Not in the pipeline's stack: a person must complete the handshake before the pipeline exists.
            self.connection = Connection(
                self, "connection", name=names.connection, provider=pipeline.source.provider
            )
            TerraformOutput(self, "connection_arn", value=self.connection.arn)
        TerraformOutput(self, "repository_url", value=self.images.uri)
        TerraformOutput(self, "artifact_bucket", value=self.artifacts.name)
        TerraformOutput(self, "alerts_topic_arn", value=self.alerts.arn)

    def _alerts(self, id: str, pipeline: PipelineSettings, names: Names) -> Topic | NamedTopic:
        if pipeline.alerts.topic_arn:
            return named_alerts(names)
        return Topic(
            self,
            id,
            name=names.topic,
            key=self.key,
            publishers=PUBLISHERS,
            emails=pipeline.alerts.emails or (),
        )

    def _images(self, id: str, pipeline: PipelineSettings, names: Names) -> Repository | ExistingRepository:
        if pipeline.registry.repository:
            return ExistingRepository(self, id, name=pipeline.registry.repository)
        hosts = [names.role_arn(environment.host_role) for environment in names.environments]
        runs = [
            names.role_arn(environment.run_role) for environment in names.environments if pipeline.release
        ]
        return Repository(
            self,
            id,
            name=names.repository,
            key=self.key,
            readers_and_writers=[
                names.role_arn(names.build_role),
                *hosts,
                *runs,
                *pipeline.registry.administrators,
            ],
            keep_images=pipeline.registry.keep_images,
            movable_tags=["latest"] if pipeline.registry.immutable_tags else [],
        )

    def _cache(self, id: str, pipeline: PipelineSettings, names: Names) -> Repository:
        """The build's layer cache, which can be rebuilt and therefore expires by age."""
        return Repository(
            self,
            id,
            name=names.cache_repository,
            key=self.key,
            readers_and_writers=[names.role_arn(names.build_role), *pipeline.registry.administrators],
            keep_days=30,
        )


def _holds_the_source(pipeline: PipelineSettings, names: Names) -> bool:
    """Whether the source is an object in the artifact bucket, whose events then start the pipeline."""
    s3 = pipeline.source.s3
    return s3 is not None and s3.bucket in {None, names.artifact_bucket}
