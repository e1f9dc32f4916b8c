"""The whole pipeline the way a person with credentials applies it: `cdktf deploy '*'`; then taken down.

cdktf's own command, the real provider, the stacks of main.py; only AWS is emulated, so that override files
lie beside the stacks and cdktf is told not to synthesise over them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

from modules.config.load import load
from modules.config.names import Names
from slipway.aws.clients import Aws
from slipway.emulator import overrides
from slipway.emulator.process import Emulator
from slipway.state.bootstrap import bootstrap
from slipway.state.bucket import Bucket
from slipway.terraform.settings import terraform_environment
from tests.integration.pipelines import ACCOUNT, REGION, ROOT, SETTINGS, STATE_BUCKET

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(1200)]

CI_MAY_PLAN = '\naccess.github_subjects = ["repo:example/my-app:pull_request"]\n\n[[environments]]'


@dataclass(frozen=True)
class Deployed:
    """A pipeline that cdktf has deployed, and where its stacks lie."""

    output: Path
    environment: Mapping[str, str]
    said: str

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in the checkout, seeing the emulated AWS and no other."""
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )

    def cdktf(self, command: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run cdktf on the stacks as they lie there."""
        where = ("--skip-synth", "--skip-provider-lock", "--output", str(self.output))
        return self.run("npx", "--no-install", "cdktf", command, *arguments, *where)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory, emulated: Emulator, terraform: str) -> Deployed:
    directory = tmp_path_factory.mktemp("cdktf")
    settings = directory / "pipeline.toml"
    settings.write_text(SETTINGS.replace("\n[[environments]]", CI_MAY_PLAN, 1))
    aws = Aws(REGION, emulated.environment)
    bootstrap(Bucket(aws.s3, STATE_BUCKET, ACCOUNT, REGION), lambda _line: None)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = terraform_environment(directory, emulated.environment) | {
        "SLIPWAY_SETTINGS": str(settings),
        "PATH": path,
    }
    pipeline = Deployed(directory / "cdktf.out", environment, "")
    synthesised = pipeline.run("npx", "--no-install", "cdktf", "synth", "--output", str(pipeline.output))
    assert synthesised.returncode == 0, synthesised.stdout + synthesised.stderr
    assert len(overrides.write(pipeline.output)) == 4
    done = pipeline.cdktf("deploy", "*", "--auto-approve")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    return Deployed(pipeline.output, environment, done.stdout)


def writes(aws: Aws, stack: str) -> list[datetime]:
    """When a stack's state was written: the versioned bucket remembers."""
    versions = aws.s3.list_object_versions(Bucket=STATE_BUCKET, Prefix=f"my-app/{stack}.tfstate")
    return sorted(each["LastModified"] for each in versions["Versions"] if each["Key"].endswith(".tfstate"))


def test_every_stack_is_applied_and_none_before_what_it_needs(deployed: Deployed, emulated: Emulator) -> None:
    aws = Aws(REGION, emulated.environment)
    foundation, staging, delivery = (
        writes(aws, f"my-app-{each}") for each in ("foundation", "staging", "delivery")
    )
    assert foundation[-1] <= staging[0]
    assert staging[-1] <= delivery[0]
    assert writes(aws, "my-app-access")


@pytest.mark.parametrize("stack", ["foundation", "access", "staging", "delivery"])
def test_a_diff_of_what_was_deployed_finds_nothing(deployed: Deployed, stack: str) -> None:
    diff = deployed.cdktf("diff", f"my-app-{stack}")
    assert diff.returncode == 0, diff.stdout[-4000:] + diff.stderr
    assert "No changes." in diff.stdout


def test_destroying_it_leaves_nothing_in_the_account(deployed: Deployed, emulated: Emulator) -> None:
    names = Names.of(load(Path(deployed.environment["SLIPWAY_SETTINGS"])))
    fill(Aws(REGION, emulated.environment), names)
    slipway = (sys.executable, "-c", "from slipway.cli import main; main()")
    environment = {**deployed.environment, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "scripts")])}
    destroyed = subprocess.run(
        [*slipway, "destroy", "--yes", "my-app", "--state-bucket"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert destroyed.returncode == 0, destroyed.stdout + destroyed.stderr
    left = {what: found for what, found in inventory(emulated).items() if found}
    assert left == {}


def fill(aws: Aws, names: Names) -> None:
    """Put something into whatever has to be emptied before it can go."""
    for _ in range(2):
        aws.s3.put_object(Bucket=names.artifact_bucket, Key="revisions/1.zip", Body=b"revision")
    aws.s3.delete_object(Bucket=names.artifact_bucket, Key="revisions/1.zip")
    aws.s3.put_object(Bucket=names.environments[0].load_balancer_log_bucket, Key="AWSLogs/1.gz", Body=b"log")
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"digest": f"sha256:{'0' * 64}", "size": 1},
        "layers": [],
    }
    aws.ecr.put_image(repositoryName=names.repository, imageManifest=json.dumps(manifest), imageTag="latest")


def inventory(emulated: Emulator) -> dict[str, list[Any]]:
    """Everything in the account of every kind that the stacks make; keys only while they are not going."""

    def listed(service: str, call: str, field: str, **arguments: object) -> list[Any]:
        client: Any = boto3.client(  # one of many services: no one type fits
            service,  # type: ignore[call-overload]
            region_name=REGION,
            endpoint_url=emulated.endpoint,
            aws_access_key_id=emulated.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=emulated.environment["AWS_SECRET_ACCESS_KEY"],
        )
        found: list[Any] = getattr(client, call)(**arguments)[field]
        return found

    def without(service: str, call: str, field: str, skip: Callable[[Any], bool]) -> list[Any]:
        return [each for each in listed(service, call, field) if not skip(each)]

    return {
        "buckets": listed("s3", "list_buckets", "Buckets"),
        "repositories": listed("ecr", "describe_repositories", "repositories"),
        "topics": listed("sns", "list_topics", "Topics"),
        "subscriptions": listed("sns", "list_subscriptions", "Subscriptions"),
        "applications": listed("codedeploy", "list_applications", "applications"),
        "projects": listed("codebuild", "list_projects", "projects"),
        "pipelines": listed("codepipeline", "list_pipelines", "pipelines"),
        "connections": listed("codestar-connections", "list_connections", "Connections"),
        "rules": listed("events", "list_rules", "Rules"),
        "log groups": listed("logs", "describe_log_groups", "logGroups"),
        "alarms": listed("cloudwatch", "describe_alarms", "MetricAlarms"),
        "dashboards": listed("cloudwatch", "list_dashboards", "DashboardEntries"),
        "roles": listed("iam", "list_roles", "Roles"),
        "instance profiles": listed("iam", "list_instance_profiles", "InstanceProfiles"),
        "OIDC providers": listed("iam", "list_open_id_connect_providers", "OpenIDConnectProviderList"),
        "load balancers": listed("elbv2", "describe_load_balancers", "LoadBalancers"),
        "target groups": listed("elbv2", "describe_target_groups", "TargetGroups"),
        "Auto Scaling groups": listed("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"),
        "launch templates": listed("ec2", "describe_launch_templates", "LaunchTemplates"),
        "networks": without("ec2", "describe_vpcs", "Vpcs", lambda vpc: vpc["IsDefault"]),
        "addresses": listed("ec2", "describe_addresses", "Addresses"),
        "NAT gateways": without(
            "ec2", "describe_nat_gateways", "NatGateways", lambda nat: nat["State"] == "deleted"
        ),
        "flow logs": listed("ec2", "describe_flow_logs", "FlowLogs"),
        "hosts": without(
            "ec2",
            "describe_instances",
            "Reservations",
            lambda each: each["Instances"][0]["State"]["Name"] == "terminated",
        ),
        "keys": [
            each
            for each in listed("kms", "list_keys", "Keys")
            if not _is_going(listed("kms", "describe_key", "KeyMetadata", KeyId=each["KeyId"]))
        ],
        "aliases": without(
            "kms", "list_aliases", "Aliases", lambda each: each["AliasName"].startswith("alias/aws/")
        ),
    }


def _is_going(key: Any) -> bool:  # noqa: ANN401 - JSON
    """AWS deletes a key 30 days after it was told to; its own keys stay."""
    return bool(key["KeyState"] == "PendingDeletion" or key["KeyManager"] == "AWS")
