"""buildspec.yml itself, from its first step to the artifact, played as CodeBuild plays it."""

import asyncio
import json

from local.rehearsal.codebuild.buildspec import parse
from local.rehearsal.codebuild.environment import Build
from local.rehearsal.codebuild.run import BuildResult, play
from tests.build.test_package import FILES
from tests.build.world import CACHE, COMMIT, IMAGES, KEPT, LISTED, PROJECT, World, scanned

REFERENCE = f"{IMAGES}:{COMMIT}"
LATEST = f"{IMAGES}:latest"


def played(world: World, **project: str) -> tuple[BuildResult, str]:
    lines: list[str] = []
    build = Build(
        source=world.root,
        project_name="my-app-build",
        account="123456789012",
        region="eu-central-1",
        uuid="8c1d",
        container=world.machine,
        project=PROJECT | project,
        start={"COMMIT": COMMIT},
    )
    spec = parse((world.root / "buildspec.yml").read_text())
    return asyncio.run(play(spec, build, on_line=lines.append)), "\n".join(lines)


def outcome(result: BuildResult) -> dict[str, str]:
    return {phase.name: phase.status for phase in result.phases}


def test_a_commit_becomes_an_image_and_a_revision_that_names_it(world: World) -> None:
    result, log = played(world)
    assert result.succeeded, log
    assert list(result.artifact) == FILES
    image = json.loads(result.artifact["image.json"].read_text())
    assert image["digest"] == world.state["registry"][REFERENCE]["digest"]
    assert list(world.state["bucket"]) == [LISTED, KEPT]


def test_latest_moves_after_the_scan_and_the_scan_follows_the_push(world: World) -> None:
    played(world)
    told = (
        "docker login",
        "docker push",
        "docker cp",
        "aws ecr describe-image-scan-findings",
        "aws s3api put",
    )
    order = [call for call in world.state["calls"] if call.startswith(told)]
    assert [call.split(" --")[0] for call in order] == [
        "docker login",
        f"docker push {CACHE}",
        f"docker push {REFERENCE}",
        "docker cp a-container:/sbom.json build/sbom.json",
        "aws ecr describe-image-scan-findings",
        f"docker push {LATEST}",
        "aws s3api put-object",
        "aws s3api put-object",
    ]


def test_the_tests_come_before_the_image(world: World) -> None:
    world.refuse("docker build --cache-from", "1 failed in 0.12s")
    result, _ = played(world)
    assert outcome(result) == {"install": "SUCCEEDED", "pre_build": "FAILED"}
    assert len(world.calls("docker build --cache-from")) == 1


def test_critical_findings_keep_latest_and_the_revision_back(world: World) -> None:
    world.set(scans=[scanned(CRITICAL=1)])
    result, log = played(world, FAIL_ON_CRITICAL="true")
    assert outcome(result)["post_build"] == "FAILED"
    assert "build failed at: wait for the scan" in log
    assert list(world.state["registry"]) == [CACHE, REFERENCE]
    assert world.state["bucket"] == {}
    assert list(result.artifact) == ["build-failed.txt"]


def test_a_build_that_failed_pushes_nothing(world: World) -> None:
    result, log = played(world, ARCHITECTURE="arm64")
    assert outcome(result)["build"] == "FAILED"
    assert "==> push the image\n    skipped, because the build has failed\n" in log
    assert list(world.state["registry"]) == [CACHE]
    assert list(result.artifact) == ["build-failed.txt"]


CAUSE = "the image is for amd64, the hosts are arm64"


def test_the_cause_of_a_failed_build_stands_last(world: World) -> None:
    _, log = played(world, ARCHITECTURE="arm64")
    *_, last = log.split("\n\n")
    assert last.startswith(f"build failed at: build the image\n  what: {CAUSE}\n")
    assert log.count(CAUSE) == 2


def test_the_cause_is_what_a_failed_build_hands_on(world: World) -> None:
    result, _ = played(world, ARCHITECTURE="arm64")
    assert CAUSE in result.artifact["build-failed.txt"].read_text()
    assert outcome(result)["upload_artifacts"] == "SUCCEEDED"


def test_the_same_commit_again_gives_the_same_artifact(world: World) -> None:
    files = []
    for _ in range(2):
        result, log = played(world)
        assert result.succeeded, log
        files.append({name: path.read_bytes() for name, path in result.artifact.items()})
    assert files[0] == files[1]
    pushes = [f"docker push {CACHE}", f"docker push {REFERENCE}", f"docker push {LATEST}"]
    assert world.calls("docker push") == [*pushes, pushes[0], pushes[2]]
