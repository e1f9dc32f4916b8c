"""The delivery stack: the pipeline that builds a revision from a commit and deploys it."""

import shlex

from constructs_lib.build_project import BuildProject
from constructs_lib.connection import FoundConnection
from constructs_lib.log_group import LogGroup
from constructs_lib.pipeline import DeployStage, Pipeline, QuietAlarm
from constructs_lib.pipeline_source import RepositorySource, S3Source
from constructs_lib.pipeline_start import StartOnUpload
from constructs_lib.public_registry import grant_public_login
from constructs_lib.stack import add_blocks

from cdktf import TerraformOutput
from constructs import Construct

from modules import events
from modules.config import settings
from modules.config.names import Names, connections_console
from modules.deployment import configuration
from modules.keys import delivery_key
from modules.shared import Foundation
from modules.stack import PipelineStack

ALONE = "--ignore-missing-stack-dependencies"
"""cdktf refuses to deploy a stack without the stacks it depends on, although they are already applied."""


class DeliveryStack(PipelineStack):
    """The build project, the pipeline, and the messages about their events.

    Its children are public: ``key``, ``build_log``, ``connection`` (not with an S3 source), ``build``,
    ``pipeline``. Planning it fails until its connection is AVAILABLE.
    """

    def __init__(self, scope: Construct, pipeline: settings.PipelineSettings) -> None:
        names = Names.of(pipeline)
        super().__init__(scope, names.delivery_stack, names)
        self._settings, self._names, self._foundation = pipeline, names, Foundation(names)
        self.source = self._source()
        self.build = self._build()
        self.pipeline = Pipeline(
            self,
            "pipeline",
            name=names.delivery_pipeline,
            role_name=names.pipeline_role,
            store=self._foundation.artifacts,
            source=self.source,
            build=self.build,
            deployments=[self._deployment(environment) for environment in pipeline.environments],
            topic=self._foundation.alerts,
        )
        if isinstance(self.source, S3Source):
            self._start_on_upload(self.source)
        events.pipeline_failures(self, names)
        events.deployments(self, names)
        TerraformOutput(self, "pipeline_console", value=_console(pipeline.region, self.pipeline.name))

    def _source(self) -> RepositorySource | S3Source:
        source = self._settings.source
        if source.s3:
            return S3Source(bucket=source.s3.bucket or self._names.artifact_bucket, key=source.s3.key)
        assert source.repository  # validated: either a repository or an object in S3
        return RepositorySource(
            connection=self._connection(source.connection_arn),
            repository=source.repository,
            branch=source.branch,
            paths=source.paths,
        )

    def _connection(self, arn: str | None) -> FoundConnection:
        """The foundation's connection, or the one whose ARN the settings give."""
        names = self._names
        self.connection = FoundConnection(
            self,
            "connection",
            name=None if arn else names.connection,
            arn=arn,
            remedy="A person completes its handshake once, in the console: choose it at "
            f"{connections_console(names.region)} and then Update pending connection. "
            f"After that: {shlex.join(('npx', 'cdktf', 'deploy', names.delivery_stack, ALONE))}"
            " (or the same with cdktn in place of npx cdktf).",
        )
        # Earlier versions created the connection in this stack; now the foundation does (CHANGELOG.md).
        made_here = f"aws_codestarconnections_connection.{self.connection.data.friendly_unique_id}"
        add_blocks(self, "removed", [{"from": made_here, "lifecycle": {"destroy": False}}])
        return self.connection

    def _build(self) -> BuildProject:
        pipeline, names, foundation = self._settings, self._names, self._foundation
        self.key = delivery_key(self, names)
        self.build_log = LogGroup(
            self,
            "build-log",
            name=names.build_log_group,
            key=self.key,
            retention_days=pipeline.log_retention_days,
        )
        build = BuildProject(
            self,
            "build",
            name=names.build_project,
            role_name=names.build_role,
            architecture=pipeline.app.architecture,
            encryption_key_arn=foundation.key.reference,
            log_group=self.build_log,
            variables=self._build_variables(),
        )
        foundation.images.grant_push(build.role)
        foundation.images.grant_read_scan(build.role)
        foundation.cache.grant_push(build.role)
        grant_public_login(build.role)  # the base image comes from there
        foundation.artifacts.grant_build(
            build.role,
            reads=names.source_artifact_prefix,
            writes=names.revision_artifact_prefix,
            keeps=names.revision_prefix,
        )
        return build

    def _build_variables(self) -> dict[str, str]:
        """The build's environment variables; the commit is passed with every build."""
        return {
            "SERVICE": self._settings.service,
            "REGISTRY": self._names.registry_host,
            "IMAGE_REPOSITORY": self._foundation.images.uri,
            "CACHE_REPOSITORY": self._foundation.cache.uri,
            "REVISIONS": f"s3://{self._names.artifact_bucket}/{self._names.revision_prefix}",
            "ARCHITECTURE": self._settings.app.architecture,
            "FAIL_ON_CRITICAL": str(self._settings.registry.fail_on_critical).lower(),
        }

    def _deployment(self, environment: settings.Environment) -> DeployStage:
        names = self._names.environment(environment)
        commit = f" {self.source.commit}" if self.source.commit else ""
        question = f"Shall this release of {names.service} go to {environment.name}?{commit}"
        quiet = QuietAlarm(names.alarm("target-5xx"), environment.quiet_minutes)
        return DeployStage(
            stage=environment.name,
            application=self._names.application,
            group=names.deployment_group,
            config=configuration(environment, names).name,
            approval=question if environment.approval else None,
            quiet=quiet if environment.quiet_minutes else None,
            command=names.run_project if self._settings.release and self._settings.release.command else None,
        )

    def _start_on_upload(self, source: S3Source) -> None:
        self.start = StartOnUpload(
            self,
            "start",
            name=self._names.event_rule("source"),
            role_name=self._names.source_event_role,
            source=source,
            pipeline_arn=self.pipeline.arn,
        )


def _console(region: str, pipeline: str) -> str:
    return f"https://{region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/{pipeline}/view?region={region}"
