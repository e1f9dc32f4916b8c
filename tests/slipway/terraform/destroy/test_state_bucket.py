"""The state bucket goes last, and only when no state needs it."""

import json
from collections.abc import Iterator

import pytest

from slipway.aws.clients import Aws
from slipway.console.errors import SlipwayError
from slipway.terraform.destroy import state_bucket
from slipway.terraform.state.bootstrap import bootstrap
from slipway.terraform.state.bucket import StateBucket
from tests.slipway.accounts import ACCOUNT, REGION, account

EMPTY = {"version": 4, "resources": []}
LOOKED_UP = {"version": 4, "resources": [{"mode": "data", "instances": [{}]}]}
FULL = {"version": 4, "resources": [{"mode": "managed", "type": "aws_vpc", "instances": [{}]}]}


@pytest.fixture
def bucket() -> Iterator[StateBucket]:
    with account() as aws:
        yield made(aws)


def made(aws: Aws) -> StateBucket:
    bucket = StateBucket(aws.s3, "my-app-state", ACCOUNT, REGION)
    bootstrap(bucket, lambda _line: None)
    return bucket


def put(bucket: StateBucket, key: str, state: object) -> None:
    bucket.s3.put_object(Bucket=bucket.name, Key=key, Body=json.dumps(state).encode())


def test_it_goes_with_every_old_version_once_no_state_knows_a_resource(bucket: StateBucket) -> None:
    put(bucket, "my-app/my-app-prod.tfstate", FULL)
    put(bucket, "my-app/my-app-prod.tfstate", EMPTY)
    put(bucket, "my-app/my-app-access.tfstate", LOOKED_UP)
    assert state_bucket.remove(bucket) == 3
    assert not bucket.exists()


def test_what_keeps_it_is_lifted_only_once_it_may_go(bucket: StateBucket) -> None:
    put(bucket, "my-app/my-app-old.tfstate", FULL)
    with pytest.raises(SlipwayError, match="cannot be deleted"):
        state_bucket.remove(bucket)
    assert "SlipwayKeepState" in bucket.s3.get_bucket_policy(Bucket=bucket.name)["Policy"]


def test_it_stays_while_any_state_knows_resources(bucket: StateBucket) -> None:
    put(bucket, "my-app/my-app-old.tfstate", FULL)
    with pytest.raises(SlipwayError, match="the state bucket my-app-state cannot be deleted") as refusal:
        state_bucket.remove(bucket)
    assert "my-app/my-app-old.tfstate" in refusal.value.why
    assert bucket.exists()


def test_it_stays_while_somebody_holds_a_lock(bucket: StateBucket) -> None:
    put(bucket, "other/other-prod.tfstate.tflock", {})
    with pytest.raises(SlipwayError, match="cannot be deleted") as refusal:
        state_bucket.remove(bucket)
    assert "other/other-prod.tfstate.tflock" in refusal.value.why


@pytest.mark.parametrize("state", [b"", b"{", b"\xff\xfe"])
def test_a_state_that_cannot_be_read_is_not_taken_for_an_empty_one(bucket: StateBucket, state: bytes) -> None:
    bucket.s3.put_object(Bucket=bucket.name, Key="my-app/my-app-prod.tfstate", Body=state)
    with pytest.raises(SlipwayError, match="cannot be deleted") as refusal:
        state_bucket.remove(bucket)
    assert "my-app/my-app-prod.tfstate" in refusal.value.why


def test_state_of_stacks_that_the_settings_no_longer_have_is_found(bucket: StateBucket) -> None:
    for stack, state in (("prod", FULL), ("old", FULL), ("older", EMPTY)):
        put(bucket, f"my-app/my-app-{stack}.tfstate", state)
    known = {"my-app/my-app-prod.tfstate"}
    found = state_bucket.states_with_resources(bucket.s3, bucket.name, but=known)
    assert found == ["my-app/my-app-old.tfstate"]
