"""Buckets and repositories are emptied whole, or it is said why not."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from slipway.aws.clients import Aws
from slipway.console.errors import SlipwayError
from slipway.terraform.destroy import emptying
from slipway.terraform.destroy.data_loss import losses
from slipway.terraform.destroy.destroy_plan import DestroyPlan, Resource
from slipway.terraform.destroy.emptying import empty_bucket, empty_repository
from slipway.terraform.stacks.manifest import SynthesisedStack
from tests.slipway.accounts import REGION, account


@pytest.fixture
def aws() -> Iterator[Aws]:
    with account() as aws:
        aws.s3.create_bucket(Bucket="my-logs", CreateBucketConfiguration={"LocationConstraint": REGION})
        aws.s3.put_bucket_versioning(Bucket="my-logs", VersioningConfiguration={"Status": "Enabled"})
        aws.ecr.create_repository(repositoryName="my-app")
        yield aws


def push(aws: Aws, tag: str) -> None:
    manifest = {
        "schemaVersion": 2,
        "config": {"digest": "sha256:1"},
        "layers": [{"digest": f"sha256:{tag * 64}"}],
    }
    aws.ecr.put_image(
        repositoryName="my-app",
        imageManifest=json.dumps(manifest),
        imageManifestMediaType="application/vnd.oci.image.manifest.v1+json",
        imageTag=tag,
    )


def put(aws: Aws, key: str, times: int = 1) -> None:
    for _ in range(times):
        aws.s3.put_object(Bucket="my-logs", Key=key, Body=b"x")


def test_all_versions_and_delete_markers_go_over_as_many_batches_as_it_takes(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emptying, "OBJECTS", 3)
    put(aws, "twice", times=2)
    for number in range(5):
        put(aws, f"key-{number}")
    aws.s3.delete_object(Bucket="my-logs", Key="twice")
    assert asyncio.run(empty_bucket(aws.s3, "my-logs")) == 8
    left = aws.s3.list_object_versions(Bucket="my-logs")
    assert left.keys().isdisjoint({"Versions", "DeleteMarkers"})
    aws.s3.delete_bucket(Bucket="my-logs")


def test_an_object_that_cannot_be_deleted_is_named_with_the_reason(aws: Aws) -> None:
    put(aws, "held")
    errors = [{"Key": "held", "Code": "AccessDenied", "Message": "legal hold"}]

    def refuse(parsed: dict[str, object], **_event: object) -> None:
        parsed["Errors"] = errors

    aws.s3.meta.events.register("after-call.s3.DeleteObjects", refuse)
    with pytest.raises(SlipwayError, match="1 of 1 objects in my-logs could not be deleted") as refusal:
        asyncio.run(empty_bucket(aws.s3, "my-logs"))
    assert refusal.value.why == "held: AccessDenied: legal hold"


def test_all_images_go_over_as_many_batches_as_it_takes(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emptying, "IMAGES", 2)
    for tag in "abcde":
        push(aws, tag)
    assert asyncio.run(empty_repository(aws.ecr, "my-app")) == 5
    assert aws.ecr.list_images(repositoryName="my-app")["imageIds"] == []


def test_images_that_stay_are_said_and_not_tried_forever(aws: Aws) -> None:
    push(aws, "a")

    def refuse(parsed: dict[str, object], **_event: object) -> None:
        parsed.update(imageIds=[], failures=[{"failureCode": "KmsError", "failureReason": "no key"}])

    aws.ecr.meta.events.register("after-call.ecr.BatchDeleteImage", refuse)
    with pytest.raises(SlipwayError, match="1 of 1 images in my-app could not be deleted") as refusal:
        asyncio.run(empty_repository(aws.ecr, "my-app"))
    assert refusal.value.why == "KmsError: no key"


def test_an_image_that_an_index_lists_is_left_for_the_next_round(aws: Aws) -> None:
    push(aws, "a")
    push(aws, "b")
    rounds: list[int] = []

    def refuse_once(parsed: dict[str, list[dict[str, str]]], **_event: object) -> None:
        rounds.append(len(parsed["imageIds"]))
        if len(rounds) == 1:
            kept = parsed["imageIds"].pop()
            parsed["failures"] = [{"failureCode": emptying.STILL_NEEDED}]
            push(aws, kept["imageTag"])

    aws.ecr.meta.events.register("after-call.ecr.BatchDeleteImage", refuse_once)
    assert asyncio.run(empty_repository(aws.ecr, "my-app")) == 2
    assert rounds == [2, 1]


def test_what_is_gone_already_is_empty(aws: Aws) -> None:
    assert asyncio.run(empty_bucket(aws.s3, "never-there")) == 0
    assert asyncio.run(empty_repository(aws.ecr, "never-there")) == 0


def test_what_would_be_lost_is_counted(aws: Aws) -> None:
    put(aws, "one", times=3)
    push(aws, "a")
    resources = (
        Resource("aws_s3_bucket", "aws_s3_bucket.logs", {"bucket": "my-logs"}),
        Resource("aws_ecr_repository", "aws_ecr_repository.images", {"name": "my-app"}),
        Resource("aws_cloudwatch_log_group", "aws_cloudwatch_log_group.app", {"name": "/my-app/prod/app"}),
    )
    stacks = [
        DestroyPlan(SynthesisedStack("my-app-prod", Path(), ()), resources),
        DestroyPlan(SynthesisedStack("my-app-access", Path(), ()), ()),
    ]
    assert losses(aws, stacks) == [
        "my-app-prod: 3 resources",
        "  bucket my-logs: 3 objects",
        "  repository my-app: 1 image",
        "  log group /my-app/prod/app with all its logs",
        "my-app-access: no resources",
    ]
