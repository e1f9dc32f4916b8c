"""The committed pipeline: `slipway demo --keep` applies all of it, `slipway destroy` leaves nothing of it."""

import asyncio
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from local.demo.kept_emulators import EMULATOR, RECORD
from local.emulator import calls, environment, pid_file
from slipway.aws.clients import Aws
from slipway.terraform.progress.plain import PlainProgress
from slipway.terraform.settings import terraform_environment
from slipway.terraform.stacks import manifest
from slipway.terraform.stacks.engine import Engine, require_all_done
from tests.integration.pipelines import ACCOUNT, REGION, ROOT, Project, lines, processes_of
from tests.security.recorded import hold_against

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(1500)]

STACKS = ("my-app-foundation", "my-app-access", "my-app-staging", "my-app-prod", "my-app-delivery")
SOURCES = ("constructs_lib", "modules", "main.py", "pipeline.toml", "buildspec.yml", "appspec.yml", "scripts")
MADE_BY_AWS = "Default master key that protects my"
PENDING = ("PendingDeletion",)


@pytest.fixture(scope="module")
def demo(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Project, "subprocess.CompletedProcess[str]"]]:
    """A demo of a copy of the committed pipeline, its emulated AWS kept until the end."""
    if shutil.which("terraform") is None:
        pytest.skip("there is no terraform on the PATH: make setup brings it")
    root = tmp_path_factory.mktemp("whole")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, root / name)
    nobody = Project(root, environment.environment("http://127.0.0.1:1", REGION))
    done = nobody.run("demo", "--keep")
    kept = pid_file.read(root / ".slipway" / "demo" / EMULATOR / RECORD)
    try:
        endpoint = kept.endpoint if kept else "http://127.0.0.1:1"
        yield Project(root, environment.environment(endpoint, REGION)), done
    finally:
        nobody.run("demo", "--stop")
    assert processes_of(root) == []


def test_every_stack_is_applied_and_a_second_plan_is_empty(
    demo: tuple[Project, "subprocess.CompletedProcess[str]"],
) -> None:
    _, done = demo
    assert done.returncode == 0, done.stderr
    said, report = lines(done.stderr), lines(done.stdout)
    for stack in STACKS:
        assert any(line.startswith(f"{stack} nothing to change") for line in said), stack
        assert any(line.split()[:1] == [stack] and line.split()[2:3] == ["0"] for line in report), stack


def test_a_plan_calls_what_cis_role_was_seen_to_need(
    demo: tuple[Project, "subprocess.CompletedProcess[str]"],
) -> None:
    """With an access key of its own, by which the emulated AWS tells the plan's calls from all others."""
    project, done = demo
    assert done.returncode == 0, done.stderr
    directory = project.root / ".slipway" / "demo"
    stacks = manifest.read(directory / "cdktf.out")
    settings = terraform_environment(directory, {**project.environment, "AWS_ACCESS_KEY_ID": "plan"})

    async def plan() -> None:
        names = (stack.name for stack in stacks)
        with PlainProgress(names, write=lambda _line: None, clock=time.monotonic) as shown:
            engine = Engine(stacks, settings, shown)

            async def of(stack: manifest.SynthesisedStack) -> tuple[str, ...]:
                return await (await engine.init(stack)).check()

            require_all_done(await engine.each({stack.name: () for stack in stacks}, of, str))

    asyncio.run(plan())
    hold_against(directory / EMULATOR / calls.NAME, ["plan"])


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
    found["networks"] = [each for each in found["networks"] if not each["IsDefault"]]
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


def test_destroy_leaves_nothing_in_the_account(
    demo: tuple[Project, "subprocess.CompletedProcess[str]"],
) -> None:
    project, done = demo
    assert done.returncode == 0, done.stderr
    assert {"buckets", "roles", "load balancers", "keys", "pipelines"} <= left_over(project).keys()
    fill(Aws(REGION, project.environment))
    destroyed = project.run("destroy", "--yes", "my-app", "--state-bucket")
    assert destroyed.returncode == 0, destroyed.stderr
    assert left_over(project) == {}


def test_the_override_files_of_the_emulated_aws_lie_nowhere_else(
    demo: tuple[Project, "subprocess.CompletedProcess[str]"],
) -> None:
    project, _ = demo
    overrides = [each.relative_to(project.root) for each in project.root.rglob("*_override.tf.json")]
    assert overrides
    assert {each.parts[0] for each in overrides} == {".slipway"}
    assert not Path(project.root / "cdktf.out").exists()
