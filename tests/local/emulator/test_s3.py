"""Gap: bucket policies with conditions, delete markers that can be emptied, EventBridge read back."""

import json

import pytest
from botocore.exceptions import ClientError

from local.emulator.gaps.s3 import unconditional
from tests.local.emulator.clients import REGION, Clients


def make_bucket(aws: Clients, name: str) -> str:
    aws.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return name


def deny_all(bucket: str, **condition: object) -> str:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        **condition,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_policy_that_denies_plain_http_lets_objects_in_and_out(beyond_moto: Clients) -> None:
    bucket = make_bucket(beyond_moto, "tls-only")
    only_tls = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    beyond_moto.s3.put_bucket_policy(Bucket=bucket, Policy=deny_all(bucket, **only_tls))
    beyond_moto.s3.put_object(Bucket=bucket, Key="key", Body=b"content")
    assert beyond_moto.s3.get_object(Bucket=bucket, Key="key")["Body"].read() == b"content"


def test_a_policy_that_denies_without_a_condition_still_denies(aws: Clients) -> None:
    bucket = make_bucket(aws, "closed")
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=deny_all(bucket))
    with pytest.raises(ClientError, match="403"):
        aws.s3.put_object(Bucket=bucket, Key="key", Body=b"content")


def test_a_single_statement_outside_a_list_is_read_too() -> None:
    policy = json.dumps({"Statement": {"Effect": "Deny", "Condition": {}}})
    assert json.loads(unconditional(policy)) == {"Statement": []}


def test_a_delete_marker_is_emptied_from_a_bucket_whose_versioning_is_suspended(beyond_moto: Clients) -> None:
    bucket = make_bucket(beyond_moto, "emptied")
    s3 = beyond_moto.s3
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(Bucket=bucket, Key="key", Body=b"content")["VersionId"]
    marker = s3.delete_object(Bucket=bucket, Key="key")["VersionId"]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    for each in (version, marker):
        s3.delete_object(Bucket=bucket, Key="key", VersionId=each)
    s3.delete_bucket(Bucket=bucket)


def test_eventbridge_is_read_back(beyond_moto: Clients) -> None:
    bucket = make_bucket(beyond_moto, "events")
    beyond_moto.s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    notification = beyond_moto.s3.get_bucket_notification_configuration(Bucket=bucket)
    assert notification["EventBridgeConfiguration"] == {}


def test_a_bucket_without_eventbridge_says_nothing_of_it(aws: Clients) -> None:
    bucket = make_bucket(aws, "no-events")
    assert "EventBridgeConfiguration" not in aws.s3.get_bucket_notification_configuration(Bucket=bucket)
