"""Where a pipeline's commits come from: a repository through a connection, or an object in S3."""

from collections.abc import Sequence
from dataclasses import dataclass

from constructs_lib.arn import arn
from constructs_lib.connection import NamedConnection
from constructs_lib.policy import Statement
from constructs_lib.role import Role

from cdktf_cdktf_provider_aws.codepipeline import (
    CodepipelineStageAction,
    CodepipelineTrigger,
    CodepipelineTriggerGitConfiguration,
    CodepipelineTriggerGitConfigurationPush,
    CodepipelineTriggerGitConfigurationPushBranches,
    CodepipelineTriggerGitConfigurationPushFilePaths,
)

NAMESPACE = "SourceVariables"
ARTIFACT = "Source"
ACTION = "Source"


@dataclass(frozen=True, kw_only=True)
class RepositorySource:
    """A branch of a repository; pushes that change given paths start the pipeline.

    connection: the connection to the repository's provider.
    repository: owner/name.
    branch: the branch's name.
    paths: at most 8 patterns; a push starts the pipeline only if it changes a file that matches one.
    """

    connection: NamedConnection
    repository: str
    branch: str
    paths: Sequence[str]

    commit = f"#{{{NAMESPACE}.CommitId}}"
    """The pipeline variable that holds the commit's id."""

    def action(self) -> CodepipelineStageAction:
        """The action of the source stage."""
        return _source_action(
            "CodeStarSourceConnection",
            {
                "ConnectionArn": self.connection.arn,
                "FullRepositoryId": self.repository,
                "BranchName": self.branch,
                "OutputArtifactFormat": "CODE_ZIP",
            },
        )

    def triggers(self) -> list[CodepipelineTrigger]:
        """The trigger on pushes, which replaces CodePipeline's own detection of changes."""
        push = CodepipelineTriggerGitConfigurationPush(
            branches=CodepipelineTriggerGitConfigurationPushBranches(includes=[self.branch]),
            file_paths=CodepipelineTriggerGitConfigurationPushFilePaths(includes=list(self.paths)),
        )
        git = CodepipelineTriggerGitConfiguration(source_action_name=ACTION, push=[push])
        return [CodepipelineTrigger(provider_type="CodeStarSourceConnection", git_configuration=git)]

    def grant_read(self, role: Role) -> None:
        """Let the pipeline's ``role`` fetch commits through the connection."""
        self.connection.grant_use(role)


@dataclass(frozen=True, kw_only=True)
class S3Source:
    """An object in a versioned bucket that sends its events to EventBridge; new versions start the pipeline.

    bucket: the bucket's name.
    key: the object's key.

    An object has no commit, so the build must tag the image in another way.
    """

    bucket: str
    key: str

    commit = None

    def action(self) -> CodepipelineStageAction:
        """The action of the source stage."""
        configuration = {"S3Bucket": self.bucket, "S3ObjectKey": self.key, "PollForSourceChanges": "false"}
        return _source_action("S3", configuration)

    def triggers(self) -> list[CodepipelineTrigger]:
        """No triggers: an EventBridge rule starts the pipeline (see ``pipeline_start``)."""
        return []

    def grant_read(self, role: Role) -> None:
        """Let the pipeline's ``role`` fetch every version of the object.

        docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
        """
        bucket = arn("s3", self.bucket)
        role.allow(
            "read-source",
            Statement(
                actions=[
                    "s3:GetBucketAcl",
                    "s3:GetBucketLocation",
                    "s3:GetBucketVersioning",
                    "s3:ListBucket",
                ],
                resources=[bucket],
            ),
            Statement(
                actions=[
                    "s3:GetObject",
                    "s3:GetObjectTagging",
                    "s3:GetObjectVersion",
                    "s3:GetObjectVersionTagging",
                ],
                resources=[f"{bucket}/{self.key}"],
            ),
        )


def _source_action(provider: str, configuration: dict[str, str]) -> CodepipelineStageAction:
    return CodepipelineStageAction(
        name=ACTION,
        category="Source",
        owner="AWS",
        provider=provider,
        version="1",
        namespace=NAMESPACE,
        output_artifacts=[ARTIFACT],
        configuration=configuration,
    )
