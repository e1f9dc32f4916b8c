"""A played build leaves what a real one does: an image, and a revision that names it by its digest."""

import io
import zipfile

import pytest

from local.player import __main__
from local.player.builds import build, is_broken
from slipway.account_rehearsal.archive import BROKEN, CHANGES, RELEASES
from slipway.aws.clients import Aws
from slipway.aws.images import exists
from slipway.aws.revisions import RevisionImages, stored_revisions
from tests.slipway.accounts import emptied

SERVICE, BUCKET, KEY = "rehearsal-0a1b2c", "artifacts", "source/source.zip"
PLACE = {"S3Bucket": BUCKET, "S3ObjectKey": KEY}


def uploaded(aws: Aws, release: str) -> str:
    """A version of the source whose Dockerfile ends as a release's does."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("app/Dockerfile", f"FROM base\n\n{CHANGES[release]}\n")
    return aws.s3.put_object(Bucket=BUCKET, Key=KEY, Body=content.getvalue())["VersionId"]


def test_each_release_is_built_once_and_the_broken_one_is_known() -> None:
    with emptied() as aws:
        aws.ecr.create_repository(repositoryName=SERVICE)
        aws.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        aws.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        commits = {each: build(aws, SERVICE, PLACE, uploaded(aws, each)) for each in RELEASES}
        stored = stored_revisions(aws, BUCKET, "revisions/")
        assert set(stored) == set(commits.values())
        for release, commit in commits.items():
            image = RevisionImages(aws).read(stored[commit].location)
            assert (image.problem, image.commit) == ("", commit)
            assert exists(aws, SERVICE, image.digest)
            assert is_broken(aws, BUCKET, stored[commit].location.key) == (release == BROKEN)


def test_nobody_plays_at_an_aws_that_is_not_emulated(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://example.com")
    assert __main__.main() == 2
    assert "AWS_ENDPOINT_URL" in capsys.readouterr().err
