"""What is recorded of the calls at the emulated AWS, made with the real clients."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import boto3
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from local.emulator import calls
from local.emulator.calls import Call
from local.emulator.process import Emulator, running
from tests.local.emulator.clients import ACCOUNT, REGION, Clients


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running(account=ACCOUNT, region=REGION, directory=tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator


def record(emulator: Emulator) -> Path:
    return emulator.directory / calls.NAME


def called(
    emulator: Emulator, service: str, operation: str, parameters: Mapping[str, object], by: str = "build"
) -> Call:
    """What a call leaves in the record; whether it succeeds is nobody's business here."""
    client = boto3.client(
        service,  # type: ignore[call-overload] # any service
        endpoint_url=emulator.endpoint,
        region_name=REGION,
        aws_access_key_id=by,
        aws_secret_access_key="any",
    )
    with suppress(ClientError):
        getattr(client, operation)(**parameters)
    return calls.read(record(emulator))[-1]


def test_a_call_is_recorded_with_who_made_it(emulator: Emulator) -> None:
    call = called(emulator, "sts", "get_caller_identity", {}, by="host")
    assert call == Call("host", "sts", "GetCallerIdentity")


def test_a_json_call_is_recorded_with_what_it_names(emulator: Emulator) -> None:
    call = called(
        emulator, "ecr", "describe_images", {"repositoryName": "my-app", "imageIds": [{"imageTag": "1"}]}
    )
    assert call == Call("build", "ecr", "DescribeImages", {"repositoryName": "my-app"})


def test_a_form_is_recorded_with_what_it_names(emulator: Emulator) -> None:
    arn = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
    call = called(emulator, "sns", "publish", {"TopicArn": arn, "Message": "hello"})
    assert call == Call("build", "sns", "Publish", {"TopicArn": arn})


def test_content_is_not_recorded(emulator: Emulator) -> None:
    name, value = "/my-app/staging/password", "correct horse"
    call = called(emulator, "ssm", "put_parameter", {"Name": name, "Value": value, "Type": "SecureString"})
    assert call == Call("build", "ssm", "PutParameter", {"Name": name})
    assert value not in record(emulator).read_text()


OBJECT = {"Bucket": "artifacts", "Key": "revisions/1.zip"}
NAMED = {"bucket": "artifacts", "key": "revisions/1.zip"}
ON_OBJECTS: dict[str, dict[str, object]] = {
    "PutObject": {"Body": b"a", "IfNoneMatch": "*"},
    "GetObject": {},
    "HeadObject": {},
    "PutObjectAcl": {"ACL": "private"},
    "CopyObject": {"CopySource": "artifacts/revisions/0.zip"},
    "CreateMultipartUpload": {},
    "UploadPart": {"UploadId": "u", "PartNumber": 1, "Body": b"a"},
    "ListParts": {"UploadId": "u"},
    "DeleteObject": {},
}


@pytest.mark.parametrize("operation", ON_OBJECTS)
def test_calls_on_objects_are_recorded_by_name(emulator: Emulator, operation: str) -> None:
    call = called(emulator, "s3", xform_name(operation), {**OBJECT, **ON_OBJECTS[operation]})
    assert call == Call("build", "s3", operation, NAMED)


def test_a_call_that_says_it_in_its_path_is_recorded_by_name(emulator: Emulator) -> None:
    call = called(emulator, "route53", "list_resource_record_sets", {"HostedZoneId": "Z1"})
    assert call == Call("build", "route53", "ListResourceRecordSets", {"id": "Z1"})


ON_BUCKETS = (
    "ListObjectsV2",
    "ListObjects",
    "ListObjectVersions",
    "HeadBucket",
    "CreateBucket",
    "GetBucketAcl",
    "GetBucketLifecycleConfiguration",
    "GetBucketVersioning",
)


@pytest.mark.parametrize("operation", ON_BUCKETS)
def test_calls_on_buckets_are_recorded_by_name(emulator: Emulator, operation: str) -> None:
    call = called(emulator, "s3", xform_name(operation), {"Bucket": "artifacts"})
    assert call == Call("build", "s3", operation, {"bucket": "artifacts"})


def test_moto_hears_every_call_as_it_was(emulator: Emulator) -> None:
    document = '{"Version": "2012-10-17", "Statement": []}'
    called(emulator, "iam", "create_role", {"RoleName": "heard", "AssumeRolePolicyDocument": document})
    assert Clients(emulator.endpoint).iam.get_role(RoleName="heard")["Role"]["RoleName"] == "heard"
