import json

from constructs_lib.pipeline_source import S3Source
from constructs_lib.pipeline_start import StartOnUpload
from constructs_lib.testing import Testing, resource

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget

from tests.constructs_lib.building import ACCOUNT, REGION
from tests.constructs_lib.samples import granted, trust

PIPELINE = f"arn:aws:codepipeline:{REGION}:{ACCOUNT}:my-app"


def synthesise() -> str:
    return Testing.synth_scope(
        lambda stack: StartOnUpload(
            stack,
            "start",
            name="my-app-source",
            role_name="my-app-source-events",
            source=S3Source(bucket="my-app-sources", key="source/source.zip"),
            pipeline_arn=PIPELINE,
        )
    )


def test_it_hears_of_new_versions_of_the_one_object() -> None:
    assert json.loads(resource(synthesise(), CloudwatchEventRule)["event_pattern"]) == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": ["my-app-sources"]}, "object": {"key": ["source/source.zip"]}},
    }


def test_it_starts_the_pipeline_with_its_own_role() -> None:
    target = resource(synthesise(), CloudwatchEventTarget)

    assert target["arn"] == PIPELINE
    assert target["role_arn"].startswith("${aws_iam_role.start_role_")


def test_its_role_may_start_this_pipeline_and_do_nothing_else() -> None:
    assert granted(synthesise(), "start-pipeline") == [
        {"Effect": "Allow", "Action": ["codepipeline:StartPipelineExecution"], "Resource": [PIPELINE]}
    ]


def test_eventbridge_may_assume_its_role_for_this_rule_only() -> None:
    assert trust(synthesise()) == {
        "Effect": "Allow",
        "Principal": {"Service": ["events.amazonaws.com"]},
        "Action": ["sts:AssumeRole"],
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/my-app-source"},
        },
    }
