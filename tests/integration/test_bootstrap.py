"""`slipway bootstrap`, as it is typed, against an emulated AWS: what it makes, and whom it refuses."""

import os
from pathlib import Path

import pytest

from local.emulator.process import Emulator
from slipway.aws.clients import Aws
from slipway.console.cdk import cdk
from tests.integration.pipelines import REGION, SETTINGS, STATE_BUCKET, Project, lines, small, wait_for

pytestmark = pytest.mark.integration


@pytest.fixture
def project(root: Path, emulated: Emulator) -> Project:
    return small(root, emulated.environment, {})


def test_it_makes_the_bucket_and_the_second_time_finds_it(project: Project, emulated: Emulator) -> None:
    planned = project.run("bootstrap", "--dry-run")
    assert planned.returncode == 0, planned.stderr
    assert all(line.startswith("missing: ") for line in lines(planned.stderr))
    assert Aws(REGION, emulated.environment).s3.list_buckets()["Buckets"] == []

    killed = project.start("bootstrap")
    assert killed.stderr is not None
    wait_for(lambda: "created:" in killed.stderr.readline(), "the bucket was created")  # type: ignore[union-attr] # piped
    killed.kill()
    killed.communicate()

    assert project.run("bootstrap").returncode == 0
    again = project.run("bootstrap")
    assert again.returncode == 0
    *steps, last = lines(again.stderr)
    assert all(line.startswith("found: ") for line in steps)
    deploy = cdk("deploy", "my-app-foundation")
    assert last == f"Terraform's state is stored in s3://{STATE_BUCKET}. Next: {deploy}"
    assert again.stdout == ""


def test_credentials_of_another_account_are_refused(project: Project) -> None:
    settings = SETTINGS.replace("123456789012", "999999999999")
    (project.root / "pipeline.toml").write_text(settings)
    refused = project.run("bootstrap")
    assert refused.returncode == 1
    assert refused.stderr.startswith("error: the AWS credentials belong to another account: 123456789012\n")
    assert "Traceback" not in refused.stderr


def test_without_credentials_it_says_how_to_get_them(root: Path, tmp_path: Path) -> None:
    nobody = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    nowhere = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(tmp_path)}
    refused = small(root, {**nobody, **nowhere}, {}).run("bootstrap")
    assert refused.returncode == 1
    assert refused.stderr.startswith("error: no AWS credentials found\n")
    assert "next: sign in" in refused.stderr


def test_where_aws_cannot_be_reached_it_says_so(root: Path, emulated: Emulator) -> None:
    nobody_listens = {**emulated.environment, "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    refused = small(root, nobody_listens, {}).run("bootstrap")
    assert refused.returncode == 1
    assert refused.stderr.startswith("error: AWS cannot be reached\n")


def test_wrong_settings_are_exit_code_2(project: Project) -> None:
    (project.root / "pipeline.toml").write_text(SETTINGS + 'colour = "red"\n')
    refused = project.run("bootstrap")
    assert refused.returncode == 2
    assert "colour" in refused.stderr
    assert "Traceback" not in refused.stderr
