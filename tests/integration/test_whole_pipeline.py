"""The committed pipeline: `slipway demo --keep` applies all of it, `slipway destroy` leaves nothing of it."""

import asyncio
import json
import subprocess
import time
from dataclasses import replace

import boto3
import pytest

from local.emulator import calls
from local.emulator.process import FINDINGS
from local.emulator.strict import door
from local.emulator.strict.requests import SIGNED_AS
from local.emulator.strict.services import SERVICES
from slipway.aws.clients import Aws
from slipway.terraform.progress.plain import PlainProgress
from slipway.terraform.settings import terraform_environment
from slipway.terraform.stacks import manifest
from slipway.terraform.stacks.engine import Engine, require_all_done
from tests.integration import other_engine
from tests.integration.applied_pipeline import AppliedPipeline
from tests.integration.pipelines import ACCOUNT, REGION, Project, lines
from tests.security.recorded import hold_actions_against, hold_against

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(1500)]

STACKS = ("my-app-foundation", "my-app-access", "my-app-staging", "my-app-prod", "my-app-delivery")
MADE_BY_AWS = "Default master key that protects my"
PENDING = ("PendingDeletion",)
ALARM_FIELDS = (
    *("ActionsEnabled", "AlarmActions", "AlarmDescription", "AlarmName", "ComparisonOperator"),
    *("DatapointsToAlarm", "Dimensions", "EvaluationPeriods", "InsufficientDataActions", "MetricName"),
    *("Namespace", "OKActions", "Period", "Statistic", "Threshold", "TreatMissingData"),
)


def test_every_stack_is_applied_and_a_second_plan_is_empty(applied_pipeline: AppliedPipeline) -> None:
    done = applied_pipeline.demo
    said, report = lines(done.stderr), lines(done.stdout)
    for stack in STACKS:
        assert any(line.startswith(f"{stack} nothing to change") for line in said), stack
        assert any(line.split()[:1] == [stack] and line.split()[2:3] == ["0"] for line in report), stack


def test_a_plan_calls_what_cis_role_was_seen_to_need(applied_pipeline: AppliedPipeline) -> None:
    """With an access key of its own, by which the emulated AWS tells the plan's calls from all others."""
    directory = applied_pipeline.directory
    stacks = manifest.read(directory / "cdktf.out")
    environment = {**applied_pipeline.project.environment, "AWS_ACCESS_KEY_ID": "plan"}
    settings = terraform_environment(directory, environment)

    async def plan() -> None:
        names = (stack.name for stack in stacks)
        with PlainProgress(names, write=lambda _line: None, clock=time.monotonic) as shown:
            engine = Engine(stacks, settings, shown)

            async def of(stack: manifest.SynthesisedStack) -> tuple[str, ...]:
                return await (await engine.init(stack)).check()

            require_all_done(await engine.each({stack.name: () for stack in stacks}, of, str))

    asyncio.run(plan())
    hold_against(applied_pipeline.calls, ["plan"])


def test_the_other_engines_stacks_find_nothing_to_change(applied_pipeline: AppliedPipeline) -> None:
    """What a team sees that moves from one engine to the other, with state and the same provider."""
    other_engine.require()
    project = applied_pipeline.project
    link = project.root / other_engine.ENVIRONMENT.name
    link.symlink_to(other_engine.ENVIRONMENT)
    moved = replace(project, environment={**project.environment, "ENGINE": other_engine.OTHER})

    done = moved.run("plan", "--format", "json")

    assert done.returncode == 0, done.stderr
    assert {stack["name"] for stack in json.loads(done.stdout)["stacks"]} == set(STACKS)
    made = json.loads((project.root / ".slipway" / "plan" / "cdktf.out" / "manifest.json").read_text())
    assert made["version"] == other_engine.version()


def test_a_release_under_way_is_no_drift_and_a_change_by_hand_is(applied_pipeline: AppliedPipeline) -> None:
    """The release has suspended processes, and load has brought a host."""
    aws, project = applied_pipeline.aws, applied_pipeline.project
    (group,) = (
        auto_scaling_group["AutoScalingGroupName"]
        for auto_scaling_group in aws.autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"]
        if auto_scaling_group["AutoScalingGroupName"].startswith("my-app-staging")
    )
    alarm = aws.cloudwatch.describe_alarms(AlarmNames=["my-app-staging-status-check"])["MetricAlarms"][0]
    aws.autoscaling.suspend_processes(AutoScalingGroupName=group, ScalingProcesses=["Terminate"])
    aws.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=3)
    try:
        quiet = project.run("drift", "my-app-staging", "--notify")
        assert quiet.returncode == 0, quiet.stdout + quiet.stderr
        aws.cloudwatch.delete_alarms(AlarmNames=[alarm["AlarmName"]])
        drifted = project.run("drift", "my-app-staging", "--notify")
        assert drifted.returncode == 2, drifted.stderr
        assert "status-check" in drifted.stdout
        assert "published to my-app-alerts" in drifted.stderr
    finally:
        given = {name: value for name, value in alarm.items() if name in ALARM_FIELDS}
        aws.client("cloudwatch").put_metric_alarm(**given)  # type: ignore[attr-defined]  # untyped
        aws.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=2)
        aws.autoscaling.resume_processes(AutoScalingGroupName=group)


def test_aws_models_know_all_that_is_asked_of_it(applied_pipeline: AppliedPipeline) -> None:
    """What they do not know was not refused, and is to be looked up: it belongs here, with its source."""
    emulator = applied_pipeline.calls.parent
    assert door.read(emulator / FINDINGS) == set()
    services = {each.service for each in calls.read(applied_pipeline.calls)}
    assert {SIGNED_AS.get(each, each) for each in services} <= SERVICES


def test_applying_calls_what_it_was_seen_to_need(applied_pipeline: AppliedPipeline) -> None:
    """Terraform signs with a key of its own in `slipway demo`."""
    hold_actions_against(applied_pipeline.calls, "apply")


def left_over(project: Project) -> dict[str, object]:
    """What is left in the account, service by service; what AWS itself puts into every account is not."""
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
    clients = {
        name: session.client(name, endpoint_url=project.environment["AWS_ENDPOINT_URL"])  # type: ignore[call-overload] # by name
        for name in WALKED
    }
    found = {
        name: getattr(clients[service], call)(**arguments)[key]
        for name, service, call, arguments, key in WALK
    }
    keys = [clients["kms"].describe_key(KeyId=each["KeyId"])["KeyMetadata"] for each in found.pop("keys")]
    keys = [each for each in keys if not each["Description"].startswith(MADE_BY_AWS)]
    found["keys"] = [each["KeyId"] for each in keys if each["KeyState"] not in PENDING]
    found["networks"] = [network for network in found["networks"] if not network["IsDefault"]]
    return {name: json.loads(json.dumps(each, default=str)) for name, each in found.items() if each}


WALK: tuple[tuple[str, str, str, dict[str, object], str], ...] = (
    ("buckets", "s3", "list_buckets", {}, "Buckets"),
    ("repositories", "ecr", "describe_repositories", {}, "repositories"),
    ("roles", "iam", "list_roles", {}, "Roles"),
    ("policies", "iam", "list_policies", {"Scope": "Local"}, "Policies"),
    ("identity providers", "iam", "list_open_id_connect_providers", {}, "OpenIDConnectProviderList"),
    ("instance profiles", "iam", "list_instance_profiles", {}, "InstanceProfiles"),
    ("keys", "kms", "list_keys", {}, "Keys"),
    ("connections", "codestar-connections", "list_connections", {}, "Connections"),
    ("subscriptions", "sns", "list_subscriptions", {}, "Subscriptions"),
    ("topics", "sns", "list_topics", {}, "Topics"),
    ("networks", "ec2", "describe_vpcs", {}, "Vpcs"),
    ("addresses", "ec2", "describe_addresses", {}, "Addresses"),
    ("launch templates", "ec2", "describe_launch_templates", {}, "LaunchTemplates"),
    ("scaling groups", "autoscaling", "describe_auto_scaling_groups", {}, "AutoScalingGroups"),
    ("load balancers", "elbv2", "describe_load_balancers", {}, "LoadBalancers"),
    ("target groups", "elbv2", "describe_target_groups", {}, "TargetGroups"),
    ("certificates", "acm", "list_certificates", {}, "CertificateSummaryList"),
    ("log groups", "logs", "describe_log_groups", {}, "logGroups"),
    ("alarms", "cloudwatch", "describe_alarms", {}, "MetricAlarms"),
    ("dashboards", "cloudwatch", "list_dashboards", {}, "DashboardEntries"),
    ("rules", "events", "list_rules", {}, "Rules"),
    ("pipelines", "codepipeline", "list_pipelines", {}, "pipelines"),
    ("builds", "codebuild", "list_projects", {}, "projects"),
    ("applications", "codedeploy", "list_applications", {}, "applications"),
)
WALKED = sorted({service for _, service, *_ in WALK})


def fill(aws: Aws) -> None:
    """Put something into whatever has to be emptied before it can go, older versions too."""
    for stack in ("artifacts", "staging-alb-logs"):
        bucket = f"my-app-{stack}-{ACCOUNT}-{REGION}"
        for _ in range(2):
            aws.s3.put_object(Bucket=bucket, Key="kept/1.zip", Body=b"1")
        aws.s3.delete_object(Bucket=bucket, Key="kept/1.zip")
    manifest = {"schemaVersion": 2, "config": {"digest": "sha256:1"}, "layers": []}
    aws.ecr.put_image(
        repositoryName="my-app",
        imageManifest=json.dumps(manifest),
        imageManifestMediaType="application/vnd.oci.image.manifest.v1+json",
        imageTag="latest",
    )


@pytest.fixture(scope="module")
def destroyed_pipeline(applied_pipeline: AppliedPipeline) -> "subprocess.CompletedProcess[str]":
    """What `slipway destroy` has said; order.py has the tests that ask for it run last."""
    assert {"buckets", "roles", "load balancers", "keys", "pipelines"} <= left_over(
        applied_pipeline.project
    ).keys()
    fill(applied_pipeline.aws)
    known = {**applied_pipeline.project.environment, "AWS_ACCESS_KEY_ID": "destroy"}
    project = replace(applied_pipeline.project, environment=known)
    return project.run("destroy", "--yes", "my-app", "--state-bucket")


def test_destroy_leaves_nothing_in_the_account(
    applied_pipeline: AppliedPipeline, destroyed_pipeline: "subprocess.CompletedProcess[str]"
) -> None:
    assert destroyed_pipeline.returncode == 0, destroyed_pipeline.stderr
    assert left_over(applied_pipeline.project) == {}


def test_destroying_calls_what_it_was_seen_to_need(
    applied_pipeline: AppliedPipeline, destroyed_pipeline: "subprocess.CompletedProcess[str]"
) -> None:
    assert destroyed_pipeline.returncode == 0, destroyed_pipeline.stderr
    hold_actions_against(applied_pipeline.calls, "destroy")


def test_the_override_files_of_the_emulated_aws_lie_nowhere_else(
    applied_pipeline: AppliedPipeline, destroyed_pipeline: "subprocess.CompletedProcess[str]"
) -> None:
    assert destroyed_pipeline.returncode == 0, destroyed_pipeline.stderr
    root = applied_pipeline.project.root
    overrides = [path.relative_to(root) for path in root.rglob("*_override.tf.json")]
    assert overrides
    assert {override.parts[0] for override in overrides} == {".slipway"}
    assert not (root / "cdktf.out").exists()
