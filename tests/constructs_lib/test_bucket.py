from typing import Any

from constructs_lib.bucket import Bucket, Expiry
from constructs_lib.policy import Statement
from constructs_lib.testing import (
    Testing,
    assert_has_no_resource,
    assert_has_resource_with_properties,
    resource,
    statement,
    statements,
)

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import S3BucketLifecycleConfiguration
from cdktf_cdktf_provider_aws.s3_bucket_notification import S3BucketNotification
from cdktf_cdktf_provider_aws.s3_bucket_ownership_controls import S3BucketOwnershipControls
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import S3BucketVersioningA

from tests.constructs_lib.samples import key

PUT = Statement(
    sid="Deliver",
    principals={"Service": ["logdelivery.elasticloadbalancing.amazonaws.com"]},
    actions=["s3:PutObject"],
    resources=["arn:aws:s3:::exports/*"],
)


def synthesise(**settings: Any) -> str:  # noqa: ANN401 - whatever Bucket takes
    return Testing.synth_scope(lambda stack: Bucket(stack, "bucket", name="exports", **settings))


def rules(**settings: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - whatever Bucket takes
    found: list[dict[str, Any]] = resource(synthesise(**settings), S3BucketLifecycleConfiguration)["rule"]
    return found


def test_a_bucket_has_its_name() -> None:
    assert resource(synthesise(), S3Bucket)["bucket"] == "exports"


def test_a_bucket_is_not_deleted_with_what_is_in_it() -> None:
    assert_has_resource_with_properties(synthesise(), S3Bucket, {"force_destroy": None})


def test_a_bucket_keeps_versions() -> None:
    assert_has_resource_with_properties(
        synthesise(), S3BucketVersioningA, {"versioning_configuration": {"status": "Enabled"}}
    )


def test_a_bucket_is_closed_to_the_public_in_all_four_ways() -> None:
    assert_has_resource_with_properties(
        synthesise(),
        S3BucketPublicAccessBlock,
        {
            "block_public_acls": True,
            "block_public_policy": True,
            "ignore_public_acls": True,
            "restrict_public_buckets": True,
        },
    )


def test_a_bucket_knows_no_acls() -> None:
    assert_has_resource_with_properties(
        synthesise(), S3BucketOwnershipControls, {"rule": {"object_ownership": "BucketOwnerEnforced"}}
    )


def test_plain_http_is_refused_for_the_bucket_and_all_in_it() -> None:
    denied = statement(resource(synthesise(), S3BucketPolicy), "DenyPlainHttp")

    assert denied["Effect"] == "Deny"
    assert denied["Principal"] == "*"
    assert denied["Resource"] == ["arn:aws:s3:::exports", "arn:aws:s3:::exports/*"]
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_statements_stand_beside_the_refusal_of_plain_http() -> None:
    policy = resource(synthesise(statements=[PUT]), S3BucketPolicy)

    assert [each["Sid"] for each in statements(policy)] == ["DenyPlainHttp", "Deliver"]


def test_the_policy_waits_for_the_public_access_block_since_aws_refuses_both_at_once() -> None:
    (waits_for,) = resource(synthesise(), S3BucketPolicy)["depends_on"]

    assert waits_for.startswith("aws_s3_bucket_public_access_block.bucket_public-access-block")


def test_objects_are_encrypted_with_s3s_own_keys_unless_a_key_is_said() -> None:
    (rule,) = resource(synthesise(), S3BucketServerSideEncryptionConfigurationA)["rule"]

    assert rule == {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}


def test_objects_are_encrypted_with_the_key_and_a_bucket_key_that_saves_requests() -> None:
    def build(stack: TerraformStack) -> None:
        Bucket(stack, "bucket", name="exports", key=key(stack))

    (rule,) = resource(Testing.synth_scope(build), S3BucketServerSideEncryptionConfigurationA)["rule"]
    default = rule["apply_server_side_encryption_by_default"]
    assert default["sse_algorithm"] == "aws:kms"
    assert default["kms_master_key_id"].startswith("${aws_kms_key.key_")
    assert rule["bucket_key_enabled"] is True


def test_overwritten_versions_go_after_thirty_days_and_uploads_that_broke_off_after_seven() -> None:
    assert rules() == [
        {
            "id": "noncurrent",
            "status": "Enabled",
            "filter": [{"prefix": ""}],
            "noncurrent_version_expiration": [{"noncurrent_days": 30}],
            "abort_incomplete_multipart_upload": [{"days_after_initiation": 7}],
        }
    ]


def test_overwritten_versions_are_kept_as_long_as_is_said() -> None:
    (noncurrent,) = rules(noncurrent_days=90)

    assert noncurrent["noncurrent_version_expiration"] == [{"noncurrent_days": 90}]


def test_nothing_current_expires_but_what_lies_below_a_prefix_that_is_said() -> None:
    _, expiry = rules(expiries=[Expiry("my-app/Source/", 90)])

    assert expiry == {
        "id": "expire-my-app-Source",
        "status": "Enabled",
        "filter": [{"prefix": "my-app/Source/"}],
        "expiration": [{"days": 90}],
    }


def test_lifecycle_rules_wait_for_versioning() -> None:
    (waits_for,) = resource(synthesise(), S3BucketLifecycleConfiguration)["depends_on"]

    assert waits_for.startswith("aws_s3_bucket_versioning.bucket_versioning")


def test_a_bucket_sends_no_events_unless_said() -> None:
    assert_has_no_resource(synthesise(), S3BucketNotification)


def test_a_bucket_sends_its_events_to_eventbridge_where_said() -> None:
    assert_has_resource_with_properties(
        synthesise(sends_events=True), S3BucketNotification, {"eventbridge": True}
    )
