from constructs_lib.testing import Testing, assert_has_no_resource, assert_has_resource_with_properties

import cdktf
from cdktf_cdktf_provider_aws.s3_bucket_notification import S3BucketNotification

from modules.config.settings import PipelineSettings
from modules.foundation import FoundationStack
from tests.settings import minimal


def synthesise(pipeline: PipelineSettings) -> str:
    return Testing.synth(FoundationStack(cdktf.Testing.app(), pipeline))


def test_the_artifact_bucket_sends_events_where_the_source_is_uploaded_to_it() -> None:
    synthesised = synthesise(minimal(source={"s3": {}}))

    assert_has_resource_with_properties(synthesised, S3BucketNotification, {"eventbridge": True})


def test_the_artifact_bucket_sends_no_events_where_the_source_is_a_repository() -> None:
    assert_has_no_resource(synthesise(minimal()), S3BucketNotification)


def test_the_artifact_bucket_sends_no_events_where_the_source_is_uploaded_elsewhere() -> None:
    elsewhere = minimal(source={"s3": {"bucket": "sources-of-the-team", "key": "app.zip"}})

    assert_has_no_resource(synthesise(elsewhere), S3BucketNotification)
