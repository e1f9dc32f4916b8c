"""`slipway destroy`, as it is typed, against an emulated AWS: nothing is left, whatever comes between."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from local.emulator.process import Emulator, running
from slipway.aws.clients import Aws
from tests.integration import pipelines
from tests.integration.pipelines import (
    ACCOUNT,
    DELIVERY,
    FOUNDATION,
    REGION,
    ROOT,
    STAGING,
    STATE_BUCKET,
    Project,
    Resources,
    heard,
    interrupt,
    lines,
    processes_of,
    slow_to_destroy,
    small,
    waiting,
)

pytestmark = pytest.mark.integration

STORES: Resources = {
    "aws_s3_bucket": {"artifacts": {"bucket": "my-app-artifacts"}},
    "aws_s3_bucket_versioning": {
        "artifacts": {
            "bucket": "${aws_s3_bucket.artifacts.id}",
            "versioning_configuration": {"status": "Enabled"},
        }
    },
    "aws_ecr_repository": {"images": {"name": "my-app"}},
}
LOGS: Resources = {"aws_cloudwatch_log_group": {"app": {"name": "/my-app/staging/app"}}}
STACKS: Mapping[str, Resources] = {
    FOUNDATION: {**STORES, **LOGS},
    STAGING: waiting(0),
    DELIVERY: waiting(0),
}


@pytest.fixture
def emulated() -> Iterator[Emulator]:
    """An account of its own for each test."""
    with running(account=ACCOUNT, region=REGION) as emulator:
        yield emulator


@pytest.fixture
def aws(emulated: Emulator) -> Aws:
    return Aws(REGION, emulated.environment)


@pytest.fixture
def applied(root: Path, emulated: Emulator, aws: Aws, terraform: str) -> Project:
    """A project that is applied, with data in its bucket and its repository."""
    project = small(root, emulated.environment, STACKS)
    pipelines.apply(project, emulated)
    for body in (b"old", b"new"):
        aws.s3.put_object(Bucket="my-app-artifacts", Key="revision.zip", Body=body)
    aws.s3.delete_object(Bucket="my-app-artifacts", Key="revision.zip")
    aws.ecr.put_image(
        repositoryName="my-app",
        imageManifest=json.dumps({"schemaVersion": 2, "layers": [{"digest": "sha256:" + "a" * 64}]}),
        imageManifestMediaType="application/vnd.oci.image.manifest.v1+json",
        imageTag="latest",
    )
    return project


def buckets(aws: Aws) -> list[str]:
    return [bucket.get("Name", "") for bucket in aws.s3.list_buckets()["Buckets"]]


def repositories(aws: Aws) -> list[str]:
    return [
        repository.get("repositoryName", "") for repository in aws.ecr.describe_repositories()["repositories"]
    ]


def test_it_says_what_is_lost_and_takes_it_down_and_the_state_bucket_only_when_told(
    applied: Project, aws: Aws
) -> None:
    destroyed = applied.run("destroy", "--yes", "my-app")
    assert destroyed.returncode == 0, destroyed.stderr
    assert buckets(aws) == [STATE_BUCKET]
    assert repositories(aws) == []
    said = lines(destroyed.stderr)
    assert f"{FOUNDATION}: 4 resources" in said
    assert "bucket my-app-artifacts: 3 objects" in said
    assert "repository my-app: 1 image" in said
    assert "log group /my-app/staging/app with all its logs" in said
    done = [line.split()[0] for line in said if "destroyed (" in line]
    assert done == [DELIVERY, STAGING, FOUNDATION]
    assert not (applied.root / "cdktf.out").exists()

    again = applied.run("destroy", "--yes", "my-app", "--state-bucket")
    assert again.returncode == 0, again.stderr
    assert buckets(aws) == []

    nothing = applied.run("destroy", "--yes", "my-app")
    assert nothing.returncode == 0
    assert "nothing was applied, or everything is destroyed" in nothing.stderr


@pytest.mark.slow
def test_one_environment_goes_alone_and_the_pipeline_is_spoken_of(applied: Project, aws: Aws) -> None:
    destroyed = applied.run("destroy", "--env", "staging", "--yes", "my-app")
    assert destroyed.returncode == 0, destroyed.stderr
    assert "The pipeline continues to deploy to staging, and will fail there." in destroyed.stderr
    assert f"apply {DELIVERY}" in destroyed.stderr
    assert repositories(aws) == ["my-app"]


@pytest.mark.slow
def test_interrupted_half_way_it_leaves_nothing_running_and_then_goes_on(
    root: Path, emulated: Emulator, aws: Aws, terraform: str
) -> None:
    project = small(root, emulated.environment, {FOUNDATION: STORES, STAGING: slow_to_destroy(300)})
    pipelines.apply(project, emulated)
    process = project.start("destroy", "--yes", "my-app")
    heard(process, f"{STAGING} destroying: 1 resources")
    _, error = interrupt(process)
    assert process.returncode == 130, error
    assert processes_of(root) == []
    assert repositories(aws) == ["my-app"]

    stack = root / "ready" / "stacks" / STAGING / "cdk.tf.json"
    stack.write_text(stack.read_text().replace("sleep(300)", "sleep(0)"))
    finished = project.run("destroy", "--yes", "my-app", "--state-bucket")
    assert finished.returncode == 0, finished.stderr
    assert buckets(aws) == []
    assert repositories(aws) == []


@pytest.mark.slow
def test_state_that_the_settings_no_longer_know_keeps_the_state_bucket(applied: Project, aws: Aws) -> None:
    state = {"version": 4, "resources": [{"mode": "managed", "instances": [{}]}]}
    aws.s3.put_object(Bucket=STATE_BUCKET, Key="my-app/my-app-old.tfstate", Body=json.dumps(state).encode())
    refused = applied.run("destroy", "--yes", "my-app", "--state-bucket")
    assert refused.returncode == 1
    assert "Not destroyed, because not in pipeline.toml: my-app/my-app-old.tfstate" in refused.stderr
    assert f"error: the state bucket {STATE_BUCKET} cannot be deleted" in refused.stderr
    assert buckets(aws) == [STATE_BUCKET]


def at_a_terminal(project: Project, answer: str) -> tuple[int, str]:
    """Type an answer where it asks; the exit code, and what was shown."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from slipway.cli import main; main()", "destroy"],
        cwd=project.root,
        env={**project.environment, "PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}"},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    output, _ = process.communicate()
    os.close(ours)
    return process.returncode, output


@pytest.mark.slow
def test_at_a_terminal_it_asks_and_another_word_destroys_nothing(applied: Project, aws: Aws) -> None:
    code, shown = at_a_terminal(applied, "yes")
    assert code == 1, shown
    assert "Type the service's name, my-app, to destroy it: " in shown
    assert "error: the answer is not my-app; nothing was destroyed" in shown
    assert repositories(aws) == ["my-app"]

    code, shown = at_a_terminal(applied, "my-app")
    assert code == 0, shown
    assert repositories(aws) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--yes", "other"), '--yes is "other", but the service is "my-app"'),
        ((), "confirmation required, but stdin is not a terminal"),
        (("--env", "prod", "--yes", "my-app"), 'pipeline.toml has no environment "prod"'),
        (
            ("--env", "staging", "--state-bucket", "--yes", "my-app"),
            "--state-bucket and --env cannot be used together",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_done(
    root: Path, arguments: tuple[str, ...], message: str
) -> None:
    refused = small(root, os.environ, STACKS).run("destroy", *arguments)
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"error: {message}")
