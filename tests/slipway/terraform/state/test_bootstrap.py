"""The state bucket: made, found, repaired, refused."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from slipway.aws.clients import Aws, require_account
from slipway.console.errors import SlipwayError
from slipway.terraform.state.bootstrap import bootstrap
from slipway.terraform.state.bucket import StateBucket
from slipway.terraform.state.protections import PROTECTIONS, lift
from tests.slipway.accounts import ACCOUNT, KEYS, REGION, account
from tests.slipway.recorded import recorded

STEPS = len(PROTECTIONS) + 1


class Killed(Exception):
    """Stands for the process being killed."""


@pytest.fixture
def aws() -> Iterator[Aws]:
    with account() as aws:
        yield aws


def bucket(aws: Aws, name: str = "my-app-state") -> StateBucket:
    return StateBucket(aws.s3, name, ACCOUNT, aws.region, {"service": "my-app"})


def said(made: StateBucket, *, dry_run: bool = False) -> list[str]:
    lines: list[str] = []
    bootstrap(made, lines.append, dry_run=dry_run)
    return lines


def test_a_new_bucket_is_versioned_encrypted_private_tls_only_and_tagged(aws: Aws) -> None:
    said(bucket(aws))
    where = {"Bucket": "my-app-state"}
    assert aws.s3.get_bucket_versioning(**where)["Status"] == "Enabled"
    [rule] = aws.s3.get_bucket_encryption(**where)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    block = aws.s3.get_public_access_block(**where)["PublicAccessBlockConfiguration"]
    assert list(block.values()) == [True] * 4
    [owner] = aws.s3.get_bucket_ownership_controls(**where)["OwnershipControls"]["Rules"]
    assert owner["ObjectOwnership"] == "BucketOwnerEnforced"
    statement, keep = json.loads(aws.s3.get_bucket_policy(**where)["Policy"])["Statement"]
    assert (statement["Effect"], statement["Action"], statement["Principal"]) == ("Deny", "s3:*", "*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statement["Resource"] == ["arn:aws:s3:::my-app-state", "arn:aws:s3:::my-app-state/*"]
    assert (keep["Effect"], keep["Principal"], keep["Resource"]) == ("Deny", "*", statement["Resource"])
    assert keep["Action"] == ["s3:DeleteBucket", "s3:DeleteObjectVersion"]
    assert "Condition" not in keep
    [lifecycle] = aws.s3.get_bucket_lifecycle_configuration(**where)["Rules"]
    assert lifecycle["NoncurrentVersionExpiration"]["NoncurrentDays"] == 365
    assert aws.s3.get_bucket_tagging(**where)["TagSet"] == [{"Key": "service", "Value": "my-app"}]
    assert aws.s3.get_bucket_location(**where)["LocationConstraint"] == REGION


def test_the_second_time_everything_is_found(aws: Aws) -> None:
    said(bucket(aws))
    lines = said(bucket(aws))
    assert len(lines) == STEPS
    assert all(line.startswith("found: ") for line in lines)


def test_a_dry_run_says_what_would_be_done_and_does_nothing(aws: Aws) -> None:
    lines = said(bucket(aws), dry_run=True)
    assert len(lines) == STEPS
    assert all(line.startswith("missing: ") for line in lines)
    assert aws.s3.list_buckets()["Buckets"] == []


def test_a_dry_run_over_a_damaged_bucket_names_the_damage_alone(aws: Aws) -> None:
    said(bucket(aws))
    aws.s3.put_bucket_versioning(Bucket="my-app-state", VersioningConfiguration={"Status": "Suspended"})
    lines = said(bucket(aws), dry_run=True)
    assert [line for line in lines if "missing" in line] == ["missing:  versioning"]
    assert aws.s3.get_bucket_versioning(Bucket="my-app-state")["Status"] == "Suspended"


def test_what_was_damaged_is_repaired(aws: Aws) -> None:
    said(bucket(aws))
    aws.s3.delete_public_access_block(Bucket="my-app-state")
    aws.s3.delete_bucket_policy(Bucket="my-app-state")
    aws.s3.delete_bucket_lifecycle(Bucket="my-app-state")
    done = [line.removeprefix("added:").strip() for line in said(bucket(aws)) if line.startswith("added")]
    assert done == [
        "public access block",
        "lifecycle rule: versions beyond the newest 100 expire after 365 days",
        "policy: requests without TLS are denied",
        "policy: deleting the bucket or a version is denied",
    ]


def test_what_a_team_added_stays(aws: Aws) -> None:
    said(bucket(aws))
    own = {"Sid": "Own", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"}
    condition = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}
    aws.s3.put_bucket_policy(Bucket="my-app-state", Policy=json.dumps({"Statement": [{**own, **condition}]}))
    aws.s3.put_bucket_tagging(Bucket="my-app-state", Tagging={"TagSet": [{"Key": "owner", "Value": "ana"}]})
    said(bucket(aws))
    statements = json.loads(aws.s3.get_bucket_policy(Bucket="my-app-state")["Policy"])["Statement"]
    assert [statement["Sid"] for statement in statements] == ["Own", "SlipwayTlsOnly", "SlipwayKeepState"]
    tags = aws.s3.get_bucket_tagging(Bucket="my-app-state")["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"owner": "ana", "service": "my-app"}


def test_the_lock_can_be_given_back_but_no_version_of_state_can_be_deleted(aws: Aws) -> None:
    made = bucket(aws)
    said(made)
    denied = {action for kept_statement in kept_statements(aws) for action in kept_statement["Action"]}
    assert "s3:DeleteObject" not in denied  # without a version's id: what Terraform does to its lock
    assert denied == {"s3:DeleteBucket", "s3:DeleteObjectVersion"}
    lift(made)
    assert kept_statements(aws) == []
    assert "SlipwayTlsOnly" in str(aws.s3.get_bucket_policy(Bucket=made.name)["Policy"])
    assert "added:    policy: deleting the bucket or a version is denied" in said(made)


def kept_statements(aws: Aws) -> list[dict[str, Any]]:
    policy = json.loads(aws.s3.get_bucket_policy(Bucket="my-app-state")["Policy"])
    return [each for each in policy["Statement"] if each["Sid"] == "SlipwayKeepState"]


def calls_of_a_whole_run(aws: Aws) -> int:
    calls: list[str] = []
    aws.s3.meta.events.register(
        "after-call.s3", lambda **event: calls.append(event["event_name"]), unique_id="count"
    )
    said(bucket(aws, "counted"))
    aws.s3.meta.events.unregister("after-call.s3", unique_id="count")
    return len(calls)


def test_killed_after_any_call_it_is_completed_by_the_next_run(aws: Aws) -> None:
    total = calls_of_a_whole_run(aws)
    assert total > STEPS
    for last in range(1, total + 1):
        made, left = bucket(aws, f"killed-{last}"), [last]

        def kill(**_event: object) -> None:
            left[0] -= 1  # noqa: B023 - called within the round only
            if left[0] == 0:  # noqa: B023
                raise Killed

        aws.s3.meta.events.register("after-call.s3", kill, unique_id="kill")
        with pytest.raises(Killed):
            said(made)
        aws.s3.meta.events.unregister("after-call.s3", unique_id="kill")
        said(made)
        assert all(line.startswith("found: ") for line in said(made)), f"killed after call {last}"


def test_in_the_first_region_too(aws: Aws) -> None:
    with account("us-east-1") as first:
        said(bucket(first))
        assert said(bucket(first))[0] == "found:    the bucket my-app-state in us-east-1"


def refusing(aws: Aws, operation: str, code: str, status: int = 403) -> None:
    """Have S3 answer an operation with an error, as it does for what is somebody else's."""

    def refuse(**_event: object) -> None:
        answer = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
        raise ClientError(answer, operation)  # type: ignore[arg-type] # as much of it as is read

    aws.s3.meta.events.register(f"before-call.s3.{operation}", refuse)


def test_a_bucket_that_is_somebody_elses_is_refused(aws: Aws) -> None:
    refusing(aws, "HeadBucket", "403")
    with pytest.raises(SlipwayError, match="account 123456789012 has no access") as refusal:
        said(bucket(aws))
    assert "state_bucket" in refusal.value.then


def test_a_name_that_somebody_else_takes_meanwhile_is_refused(aws: Aws) -> None:
    refusing(aws, "CreateBucket", "BucketAlreadyExists", 409)
    with pytest.raises(SlipwayError, match="account 123456789012 has no access"):
        said(bucket(aws))


def test_a_bucket_in_another_region_is_refused(aws: Aws) -> None:
    Aws("eu-west-1", KEYS).s3.create_bucket(
        Bucket="my-app-state", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    with pytest.raises(SlipwayError, match="is in eu-west-1, not in eu-central-1"):
        said(bucket(aws))


def test_every_call_says_whose_bucket_it_must_be(aws: Aws) -> None:
    with recorded() as calls:
        said(bucket(aws))
    known = [call for call in calls if call.operation != "CreateBucket"]
    assert len(known) > STEPS
    assert [each.name for each in known if each.parameters.get("ExpectedBucketOwner") != ACCOUNT] == []


def test_credentials_of_another_account_are_refused(aws: Aws) -> None:
    with pytest.raises(SlipwayError, match="belong to another account: 123456789012") as refusal:
        require_account(aws, "999999999999")
    assert "AWS_PROFILE" in refusal.value.then
