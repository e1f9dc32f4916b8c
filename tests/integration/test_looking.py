"""doctor, status and releases, as they are typed, on stacks that the real Terraform applied."""

import json
import shutil
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema import validate

from local.demo import run
from local.emulator.deployment_reports import report_deployment
from local.emulator.process import Emulator
from slipway.aws.clients import Aws
from slipway.checkout import project
from slipway.doctor.check import Examination
from slipway.releases.document import Releases
from slipway.status.model import Status
from tests.integration.pipelines import REGION, ROOT, SETTINGS, Project
from tests.slipway.status.world import commit, digest, revision

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(1500)]

SOURCES = ("constructs_lib", "modules", "main.py", "buildspec.yml", "appspec.yml", "scripts", "node_modules")


@dataclass(frozen=True)
class Applied:
    """A checkout whose stacks are applied, and the AWS that they are applied to."""

    checkout: Project
    emulator: Emulator
    aws: Aws

    def json(self, *command: str) -> str:
        """What a command prints, once it has been held against its documented schema."""
        done = self.checkout.run(*command, "--json")
        schema = ROOT / "docs" / "schemas" / f"{command[0]}.schema.json"
        validate(json.loads(done.stdout), json.loads(schema.read_text("utf-8")))
        return done.stdout

    def hosts(self) -> list[str]:
        groups = self.aws.autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"]
        return sorted(each["InstanceId"] for group in groups for each in group["Instances"])


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory, terraform: str) -> Iterator[Applied]:
    """One environment, which asks for approval."""
    root = tmp_path_factory.mktemp("looking")
    for name in SOURCES:
        (root / name).symlink_to(ROOT / name)
    (root / "pipeline.toml").write_text(f"{SETTINGS}approval = true\n")
    with chdir(root), run.applied(project.find(root), lambda _line: None) as (emulator, _):
        aws = Aws(REGION, emulator.environment)
        yield Applied(Project(root, emulator.environment), emulator, aws)
    shutil.rmtree(root / ".slipway", ignore_errors=True)


def deploy(applied: Applied, name: str, *outcomes: str) -> str:
    """A build that kept its revision, and its deployment, which came to this on each host; its id."""
    bucket, key = "my-app-artifacts-123456789012-eu-central-1", f"revisions/{commit(name)}.zip"
    applied.aws.s3.put_object(Bucket=bucket, Key=key, Body=revision(name))
    made = applied.aws.codedeploy.create_deployment(
        applicationName="my-app",
        deploymentGroupName="my-app-staging",
        revision={"revisionType": "S3", "s3Location": {"bucket": bucket, "key": key, "bundleType": "zip"}},
    )["deploymentId"]
    targets = [
        {"targetId": host, "status": status} for host, status in zip(applied.hosts(), outcomes, strict=True)
    ]
    ended = "Failed" if "Failed" in outcomes else "Succeeded"
    for status in ("InProgress", ended):
        report_deployment(applied.emulator.endpoint, REGION, made, info={"status": status}, targets=targets)
    return made


def test_before_a_release_doctor_names_the_pending_connection_and_its_page(applied: Applied) -> None:
    found = Examination.model_validate_json(applied.json("doctor"))
    [connection] = [each for each in found.findings if each.topic == "source"]
    assert connection.state == "todo"
    assert connection.what == "the connection my-app is PENDING: no commit starts the pipeline"
    assert "console.aws.amazon.com/codesuite/settings/connections" in connection.then
    assert {each.state for each in found.findings if each.topic == "state"} == {"ok"}
    assert applied.checkout.run("doctor").returncode == 1


def test_before_a_release_status_shows_hosts_alarms_and_what_the_pipeline_waits_for(applied: Applied) -> None:
    found = Status.model_validate_json(applied.json("status"))
    [staging] = found.environments
    assert [each.id for each in staging.hosts] == applied.hosts()
    assert [each.name for each in staging.alarms if each.stops_releases] == [
        "my-app-staging-latency", "my-app-staging-target-5xx",
    ]  # fmt: skip
    assert all(each.notifies for each in staging.alarms)
    assert "nothing was deployed to it yet" in staging.remarks
    assert [each.name for each in found.pipeline.stages] == ["Source", "Build", "staging"]
    assert "connection" in [each.kind for each in found.pipeline.waits]


def test_after_releases_status_tells_host_from_host_and_releases_what_to_go_back_to(applied: Applied) -> None:
    deploy(applied, "a", "Succeeded", "Succeeded")
    deploy(applied, "b", "Succeeded", "Succeeded")
    bad = deploy(applied, "c", "Succeeded", "Failed")
    [staging] = Status.model_validate_json(applied.json("status")).environments
    assert [each.runs.commit for each in staging.hosts if each.runs] == [commit("c"), commit("b")]
    assert [each.drifted for each in staging.hosts] == [True, False]
    assert staging.release is not None
    assert (staging.release.commit, staging.release.digest) == (commit("b"), digest("b"))
    assert any(remark.startswith(f"{bad} failed on {applied.hosts()[1]}") for remark in staging.remarks)
    found = Releases.model_validate_json(applied.json("releases"))
    marks = {each.commit: (each.runs_in, each.rollback_in, each.image) for each in found.releases}
    assert marks[commit("b")] == (("staging",), (), "gone")
    assert marks[commit("a")] == ((), ("staging",), "gone")


def test_an_approval_and_a_disabled_transition_are_waited_for(applied: Applied) -> None:
    applied.aws.codepipeline.start_pipeline_execution(name="my-app")
    applied.aws.codepipeline.disable_stage_transition(
        pipelineName="my-app", stageName="staging", transitionType="Inbound", reason="rolled back"
    )
    waits = Status.model_validate_json(applied.json("status")).pipeline.waits
    assert {each.kind for each in waits if each.stage == "staging"} == {"approval", "transition"}
    [closed] = [each for each in waits if each.kind == "transition"]
    assert closed.why.endswith("rolled back")
    assert closed.then == "slipway resume --env staging"


def test_a_person_sees_it_in_plain_text(applied: Applied) -> None:
    done = applied.checkout.run("status")
    assert done.returncode == 0, done.stderr
    for host in applied.hosts():
        assert host in done.stdout
    assert "next: slipway resume --env staging" in done.stdout
    assert Path(applied.checkout.root, ".slipway").exists()
