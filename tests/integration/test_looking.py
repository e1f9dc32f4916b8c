"""doctor, status and releases, as they are typed, on stacks that the real Terraform applied."""

import json
from dataclasses import dataclass

import pytest
from jsonschema import validate

from local.emulator.deployment_reports import report_deployment
from slipway.doctor.check import Examination
from slipway.releases.document import Releases
from slipway.status.model import Status
from tests.integration.applied_pipeline import AppliedPipeline
from tests.integration.pipelines import REGION, ROOT
from tests.slipway.status.world import commit, digest, revision

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(1500)]

STAGING = "my-app-staging"


def printed(pipeline: AppliedPipeline, *command: str) -> str:
    """What a command prints, once it has been held against its documented schema."""
    done = pipeline.project.run(*command, "--json")
    schema = ROOT / "docs" / "schemas" / f"{command[0]}.schema.json"
    validate(json.loads(done.stdout), json.loads(schema.read_text("utf-8")))
    return done.stdout


def hosts(pipeline: AppliedPipeline) -> list[str]:
    """The hosts of staging, by id."""
    groups = pipeline.aws.autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    return sorted(
        instance["InstanceId"]
        for group in groups
        if group["AutoScalingGroupName"].startswith(STAGING)
        for instance in group["Instances"]
    )


def deploy(pipeline: AppliedPipeline, name: str, *outcomes: str) -> str:
    """A build that kept its revision, and its deployment, which came to this on each host; its id."""
    bucket, key = "my-app-artifacts-123456789012-eu-central-1", f"revisions/{commit(name)}.zip"
    pipeline.aws.s3.put_object(Bucket=bucket, Key=key, Body=revision(name))
    made = pipeline.aws.codedeploy.create_deployment(
        applicationName="my-app",
        deploymentGroupName=STAGING,
        revision={"revisionType": "S3", "s3Location": {"bucket": bucket, "key": key, "bundleType": "zip"}},
    )["deploymentId"]
    targets = [
        {"targetId": host, "status": status} for host, status in zip(hosts(pipeline), outcomes, strict=True)
    ]
    ended = "Failed" if "Failed" in outcomes else "Succeeded"
    for status in ("InProgress", ended):
        report_deployment(pipeline.endpoint, REGION, made, info={"status": status}, targets=targets)
    return made


@dataclass(frozen=True)
class ReleasedPipeline:
    """A pipeline that released twice, and a third time badly: in staging. bad: that deployment."""

    pipeline: AppliedPipeline
    bad: str


@pytest.fixture(scope="module")
def released_pipeline(applied_pipeline: AppliedPipeline) -> ReleasedPipeline:
    """After its releases, stages are closed, and the next waits for a person; order.py has it run late."""
    deploy(applied_pipeline, "a", "Succeeded", "Succeeded")
    deploy(applied_pipeline, "b", "Succeeded", "Succeeded")
    bad = deploy(applied_pipeline, "c", "Succeeded", "Failed")
    codepipeline = applied_pipeline.aws.codepipeline
    codepipeline.start_pipeline_execution(name="my-app")
    for stage in ("staging", "prod"):
        codepipeline.disable_stage_transition(
            pipelineName="my-app", stageName=stage, transitionType="Inbound", reason="rolled back"
        )
    return ReleasedPipeline(applied_pipeline, bad)


def test_before_a_release_doctor_names_the_click_that_alerts_wait_for(
    applied_pipeline: AppliedPipeline,
) -> None:
    """The demo completes the connection's handshake, as a person would; nobody reads its mail."""
    found = Examination.model_validate_json(printed(applied_pipeline, "doctor"))
    [address] = [finding for finding in found.findings if finding.state == "todo"]
    assert address.what.startswith("team@example.com has not confirmed its subscription")
    connection, pushes = [finding for finding in found.findings if finding.topic == "source"]
    assert (connection.state, pushes.state) == ("ok", "later")
    assert pushes.what == "no push has started the pipeline my-app yet"
    assert {finding.state for finding in found.findings if finding.topic == "state"} == {"ok"}
    assert applied_pipeline.project.run("doctor").returncode == 1


def test_before_a_release_status_shows_hosts_and_alarms_and_the_pipeline_waits_for_nobody(
    applied_pipeline: AppliedPipeline,
) -> None:
    found = Status.model_validate_json(printed(applied_pipeline, "status"))
    staging, _prod = found.environments
    assert [host.id for host in staging.hosts] == hosts(applied_pipeline)
    assert [alarm.name for alarm in staging.alarms if alarm.stops_releases] == [
        "my-app-staging-release-5xx", "my-app-staging-release-latency",
    ]  # fmt: skip
    assert all(alarm.notifies for alarm in staging.alarms)
    assert "nothing was deployed yet" in staging.remarks
    assert [stage.name for stage in found.pipeline.stages] == ["Source", "Build", "staging", "prod"]
    assert list(found.pipeline.waits) == []


def test_after_releases_status_tells_host_from_host_and_releases_what_to_go_back_to(
    released_pipeline: ReleasedPipeline,
) -> None:
    pipeline, bad = released_pipeline.pipeline, released_pipeline.bad
    staging, _prod = Status.model_validate_json(printed(pipeline, "status")).environments
    assert [host.runs.commit for host in staging.hosts if host.runs] == [commit("c"), commit("b")]
    assert [host.drifted for host in staging.hosts] == [True, False]
    assert staging.release is not None
    assert (staging.release.commit, staging.release.digest) == (commit("b"), digest("b"))
    assert any(remark.startswith(f"{bad} failed on {hosts(pipeline)[1]}") for remark in staging.remarks)
    found = Releases.model_validate_json(printed(pipeline, "releases"))
    marks = {
        release.commit: (release.runs_in, release.rollback_in, release.image) for release in found.releases
    }
    assert marks[commit("b")] == (("staging",), (), "gone")
    assert marks[commit("a")] == ((), ("staging",), "gone")


def test_an_approval_and_a_disabled_transition_are_waited_for(released_pipeline: ReleasedPipeline) -> None:
    waits = Status.model_validate_json(printed(released_pipeline.pipeline, "status")).pipeline.waits
    assert {wait.kind for wait in waits if wait.stage == "prod"} == {"approval", "transition"}
    [closed] = [wait for wait in waits if (wait.kind, wait.stage) == ("transition", "prod")]
    assert closed.why.endswith("rolled back")
    assert closed.then == "slipway resume --env prod"


def test_a_person_sees_it_in_plain_text(released_pipeline: ReleasedPipeline) -> None:
    done = released_pipeline.pipeline.project.run("status")
    assert done.returncode == 0, done.stderr
    for host in hosts(released_pipeline.pipeline):
        assert host in done.stdout
    assert "next: slipway resume --env staging" in done.stdout
