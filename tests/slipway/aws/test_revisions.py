"""What a revision ships is read from the revision itself, wherever it lies."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from botocore.stub import Stubber

from slipway.aws import parallel
from slipway.aws.errors import AwsError
from slipway.aws.revisions import LARGEST, RevisionImages, RevisionLocation, commit_in
from tests.slipway.recorded import recorded
from tests.slipway.status.world import World, commit, digest, revision, world, zipped


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        made.apply_foundation()
        yield made


def put(here: World, content: bytes, key: str = "a.zip") -> RevisionLocation:
    bucket = here.names.artifact_bucket
    version = here.aws.s3.put_object(Bucket=bucket, Key=key, Body=content)["VersionId"]
    return RevisionLocation(bucket=bucket, key=key, version=version)


def test_a_revision_says_its_commit_its_image_and_when_that_was_built(here: World) -> None:
    found = RevisionImages(here.aws).read(put(here, revision("a")))
    assert (found.commit, found.digest, found.problem) == (commit("a"), digest("a"), "")
    assert found.built_at == datetime(2026, 11, 1, 10, tzinfo=UTC)


def test_the_version_that_was_deployed_is_read_not_the_newest(here: World) -> None:
    old = put(here, revision("old"))
    put(here, revision("new"))
    assert RevisionImages(here.aws).read(old).commit == commit("old")


def test_without_a_version_the_newest_is_read(here: World) -> None:
    put(here, revision("old"))
    new = put(here, revision("new"))
    assert RevisionImages(here.aws).read(RevisionLocation(bucket=new.bucket, key=new.key)).commit == commit(
        "new"
    )


def test_a_revision_is_fetched_once_however_often_it_is_asked_for(here: World) -> None:
    images, location = RevisionImages(here.aws), put(here, revision("a"))
    with recorded() as calls:
        assert images.read(location) == images.read(location)
    assert [call.name for call in calls] == ["s3:GetObject"]


def test_asked_for_by_several_at_a_time_it_is_still_fetched_once(here: World) -> None:
    images, location = RevisionImages(here.aws), put(here, revision("a"))
    with recorded() as calls:
        found = parallel.each(images.read, [location] * 20)
    assert [each.commit for each in found] == [commit("a")] * 20
    assert len(calls) == 1


def test_a_revision_that_is_gone_is_no_error_but_says_so(here: World) -> None:
    gone = RevisionLocation(bucket=here.names.artifact_bucket, key="gone.zip")
    found = RevisionImages(here.aws).read(gone)
    assert found.commit == ""
    assert found.problem == f"s3://{here.names.artifact_bucket}/gone.zip does not exist any more"


@pytest.mark.parametrize(
    "content",
    [
        b"not a zip",
        zipped({"appspec.yml": ""}),
        zipped({"image.json": "{}"}),
        zipped({"image.json": "no JSON"}),
        zipped({"image.json": "[]"}),
        zipped({"image.json": '{"commit": "a", "digest": "b", "built_at": "yesterday"}'}),
        zipped({"image.json": " " * 70_000}),
        b"x" * (LARGEST + 1),
    ],
    ids=["no zip", "no image.json", "empty", "no JSON", "a list", "no time", "too long inside", "too long"],
)
def test_what_is_no_revision_of_ours_says_why(here: World, content: bytes) -> None:
    found = RevisionImages(here.aws).read(put(here, content))
    assert found.commit == ""
    assert "is not a revision of this pipeline: " in found.problem


def test_a_revision_that_may_not_be_read_is_an_error(here: World) -> None:
    images = RevisionImages(here.aws)
    with Stubber(here.aws.s3) as stub:
        stub.add_client_error("get_object", "AccessDenied", "no kms:Decrypt")
        with pytest.raises(AwsError, match="no permission for GetObject"):
            images.read(RevisionLocation(bucket="b", key="k"))


def test_a_revision_is_named_by_its_commit() -> None:
    assert commit_in("revisions/4f55ab0.zip", "revisions/") == "4f55ab0"


@pytest.mark.parametrize(
    "key", ["revisions/4f55ab0.sbom.json", "revisions/old/4f55ab0.zip", "other/4f55ab0.zip", "revisions/"]
)
def test_what_lies_beside_revisions_is_none(key: str) -> None:
    assert commit_in(key, "revisions/") == ""
