"""The emulated AWS refuses as AWS does, in every protocol, and keeps what is to be looked up."""

import gzip
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError

import pytest
from botocore.exceptions import ClientError

from local.emulator.process import FINDINGS, Emulator
from local.emulator.strict import door
from local.emulator.strict.door import UnknownValue
from tests.local.emulator.clients import REGION, Clients

Call = Callable[[Clients], Any]

REFUSED: dict[str, tuple[str, Call]] = {
    "query": (
        "ValidationError",
        lambda aws: aws.iam.create_role(RoleName="a b", AssumeRolePolicyDocument="{}"),
    ),
    "json": (
        "ValidationException",
        lambda aws: aws.untyped("kms").create_alias(AliasName="a b", TargetKeyId="1"),
    ),
    "ec2": (
        "InvalidParameterValue",
        lambda aws: aws.ec2.describe_launch_template_versions(LaunchTemplateName="a b"),
    ),
    "rest-xml": ("InvalidBucketName", lambda aws: aws.s3.create_bucket(Bucket="My-app")),
    "rest-xml with a path": (
        "InvalidInput",
        lambda aws: aws.untyped("route53").list_resource_record_sets(HostedZoneId="Z" * 33),
    ),
    "a service with an exception of its own": (
        "InvalidParameterException",
        lambda aws: aws.untyped("logs").create_log_group(logGroupName="a b"),
    ),
}


@pytest.mark.parametrize("protocol", REFUSED)
def test_a_refusal_has_the_form_of_its_protocol(aws: Clients, protocol: str) -> None:
    code, call = REFUSED[protocol]
    with pytest.raises(ClientError) as refusal:
        call(aws)
    response = refusal.value.response
    assert response["Error"]["Code"] == code
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert response["Error"]["Message"]


def test_what_has_not_the_models_types_is_refused(aws: Clients) -> None:
    with pytest.raises(HTTPError, match="400"):
        aws.raw("logs", "Logs_20140328.PutRetentionPolicy", {"logGroupName": "a", "retentionInDays": "x"})


def test_a_value_that_the_model_does_not_know_is_kept_to_be_looked_up(
    emulator: Emulator, aws: Clients
) -> None:
    aws.untyped("codeconnections").create_connection(ConnectionName="new", ProviderType="Forge")
    assert UnknownValue("codeconnections:CreateConnection", "providerType", "Forge") in door.read(
        emulator.directory / FINDINGS
    )


def test_what_was_compressed_is_read_too(aws: Clients) -> None:
    body = gzip.compress(b"Action=PutMetricAlarm&Version=2010-08-01&AlarmName=")
    scope = f"Credential=test/20200101/{REGION}/monitoring/aws4_request"
    post = urllib.request.Request(
        aws.endpoint,
        body,
        {
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Encoding": "gzip",
            "Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=test",
        },
    )
    with pytest.raises(HTTPError) as refusal:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(post)
    assert b"alarmName" in refusal.value.read()
