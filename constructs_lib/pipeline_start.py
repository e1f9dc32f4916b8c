"""An EventBridge rule that starts a pipeline for each new version of an object in S3."""

import json

from constructs_lib.pipeline_source import S3Source
from constructs_lib.place import place_of
from constructs_lib.policy import Statement, assumed_by
from constructs_lib.role import Role

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from constructs import Construct


class StartOnUpload(Construct):
    """Starts one pipeline when an object is uploaded.

    The bucket must send its events to EventBridge
    (docs.aws.amazon.com/codepipeline/latest/userguide/create-S3-source-events.html).

    name: the rule's name; at most 64 characters.
    role_name: the name of the role that EventBridge assumes to start the pipeline; at most 64 characters.
    source: the object whose new versions start the pipeline.
    pipeline_arn: the pipeline's ARN.

    >>> start = StartOnUpload(stack, "start", name="my-app-source", role_name="my-app-source-events",
    ...     source=S3Source(bucket="my-app-sources", key="my-app.zip"),
    ...     pipeline_arn="arn:aws:codepipeline:eu-central-1:123456789012:my-app")
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        role_name: str,
        source: S3Source,
        pipeline_arn: str,
    ) -> None:
        super().__init__(scope, id)
        self.place = place_of(scope)
        self.role = Role(
            self,
            "role",
            name=role_name,
            description="EventBridge starts the pipeline when its source is uploaded.",
            trust=assumed_by(
                "events.amazonaws.com",
                {
                    "StringEquals": {"aws:SourceAccount": self.place.account},
                    "ArnLike": {"aws:SourceArn": self.place.arn("events", f"rule/{name}")},
                },
            ),
        )
        self.role.allow(
            "start-pipeline",
            Statement(actions=["codepipeline:StartPipelineExecution"], resources=[pipeline_arn]),
        )
        pattern = {
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail": {"bucket": {"name": [source.bucket]}, "object": {"key": [source.key]}},
        }
        self.rule = CloudwatchEventRule(
            self,
            "rule",
            name=name,
            description=f"Starts the pipeline when {source.key} is uploaded.",
            event_pattern=json.dumps(pattern),
        )
        self.target = CloudwatchEventTarget(
            self, "target", rule=self.rule.name, arn=pipeline_arn, role_arn=self.role.arn
        )
