"""The real Terraform and the real AWS provider against the emulated AWS, with what moto alone cannot hold.

What is made in IAM is there for other services only after some calls, as in AWS. One run of one stack:
applied, planned again, changed in place, planned again, destroyed.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.emulator import calls, overrides
from local.emulator.process import running
from slipway.aws.clients import Aws
from slipway.terraform import cli_config

ACCOUNT, REGION = "123456789012", "eu-central-1"
STACK = Path(__file__).with_name("awkward.tf.json")
NO_CHANGE, CHANGE = 0, 2
AFTER_A_ROLE = ("CreateAutoScalingGroup", "CreateDeploymentGroup", "CreatePipeline", "CreateProject")
SEED = 13
"""Of how long roles and profiles are not there for other services: the provider has to ask again."""

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not there: run make setup"),
]


@dataclass(frozen=True)
class Terraform:
    """Runs Terraform for the stack, whose variable ``round`` changes what it says in many places."""

    directory: Path
    environment: dict[str, str]
    calls: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["terraform", *arguments, "-no-color"]
        return subprocess.run(
            command, cwd=self.directory, env=self.environment, capture_output=True, text=True, check=False
        )

    def succeed(self, *arguments: str) -> str:
        finished = self.run(*arguments)
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return finished.stdout

    def nothing_to_change(self, round_: int) -> bool:
        finished = self.run("plan", "-detailed-exitcode", f"-var=round={round_}")
        assert finished.returncode in {NO_CHANGE, CHANGE}, finished.stderr
        return finished.returncode == NO_CHANGE

    def apply(self, round_: int) -> str:
        return self.succeed("apply", "-auto-approve", f"-var=round={round_}")


@pytest.fixture(scope="module")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terraform]:
    """Terraform, initialised, with the stack's state bucket and hosted zone there."""
    output = tmp_path_factory.mktemp("emulator")
    stack = output / "stacks" / "awkward"
    stack.mkdir(parents=True)
    shutil.copy(STACK, stack / overrides.STACK_FILE)
    overrides.write(output)
    with running(account=ACCOUNT, region=REGION, iam_delays=SEED) as emulator:
        aws = Aws(REGION, emulator.environment)
        aws.s3.create_bucket(
            Bucket="awkward-tfstate", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        aws.route53.create_hosted_zone(Name="example.com", CallerReference="awkward")
        environment = emulator.environment | cli_config.environment(output)
        terraform = Terraform(stack, environment, emulator.directory / calls.NAME)
        terraform.succeed("init")
        yield terraform


def asked_again(terraform: Terraform) -> int:
    """How often something had to be made again because IAM had not told of its role."""
    made = [each.operation for each in calls.read(terraform.calls) if each.operation in AFTER_A_ROLE]
    return len(made) - len(set(made))


def resources(terraform: Terraform) -> list[str]:
    """Everything in the state that Terraform manages, by type and name."""
    backend = json.loads(STACK.read_text())["terraform"]["backend"]["s3"]
    stored = Aws(REGION, terraform.environment).s3.get_object(Bucket=backend["bucket"], Key=backend["key"])
    state = json.loads(stored["Body"].read())
    return [
        f"{resource['type']}.{resource['name']}"
        for resource in state["resources"]
        if resource["mode"] == "managed"
        for _ in resource["instances"]
    ]


@pytest.mark.timeout(600)
def test_what_moto_lacks_is_applied_changed_and_destroyed_without_a_trace(terraform: Terraform) -> None:
    declared = json.loads(STACK.read_text())["resource"]

    terraform.apply(1)
    assert asked_again(terraform) > 0
    assert len(resources(terraform)) == sum(len(each) for each in declared.values())
    assert terraform.nothing_to_change(1)

    changed = terraform.apply(2)
    for address in (
        "aws_autoscaling_group.hosts",
        "aws_codebuild_project.build",
        "aws_codedeploy_deployment_group.hosts",
        "aws_codepipeline.delivery",
        "aws_launch_template.hosts",
        "aws_vpc_endpoint.s3",
    ):
        assert f"{address}: Modifications complete" in changed
    assert terraform.nothing_to_change(2)

    terraform.succeed("destroy", "-auto-approve", "-var=round=2")
    assert resources(terraform) == []
    assert_nothing_is_left(Aws(REGION, terraform.environment))


def assert_nothing_is_left(aws: Aws) -> None:
    """Only the state bucket and the hosted zone, which were there before, are in the account."""
    assert [bucket["Name"] for bucket in aws.s3.list_buckets()["Buckets"]] == ["awkward-tfstate"]
    (zone,) = aws.route53.list_hosted_zones()["HostedZones"]
    records = aws.route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    assert {record["Type"] for record in records} <= {"NS", "SOA"}
