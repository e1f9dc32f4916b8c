"""The whole pipeline the way a person with credentials applies it: `cdktf deploy '*'`.

cdktf's own command, the real provider, the stacks of main.py; only AWS is emulated, so that override files
lie beside the stacks and cdktf is told not to synthesise over them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from local.emulator import overrides
from local.emulator.handshakes import complete_handshakes
from local.emulator.process import Emulator
from slipway.aws.clients import Aws
from slipway.terraform.settings import terraform_environment
from slipway.terraform.state.bootstrap import bootstrap
from slipway.terraform.state.bucket import StateBucket
from tests.integration import other_engine
from tests.integration.pipelines import ACCOUNT, REGION, ROOT, SETTINGS, STATE_BUCKET

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(1200)]

CI_MAY_PLAN = '\naccess.github_subjects = ["repo:example/my-app:pull_request"]\n\n[[environments]]'

GO_ON = ("deploy", "my-app-delivery", "--ignore-missing-stack-dependencies")


@dataclass(frozen=True)
class Deployed:
    """A pipeline that cdktf has deployed, and where its stacks lie."""

    output: Path
    environment: Mapping[str, str]
    first: "subprocess.CompletedProcess[str] | None" = None
    """`cdktf deploy '*'`, while the connection that it made was PENDING."""
    why: "subprocess.CompletedProcess[str] | None" = None
    """`terraform plan` of the delivery stack, then."""
    last: "subprocess.CompletedProcess[str] | None" = None
    """The command that this ended with, after a person completed the handshake."""

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
    bootstrap(StateBucket(aws.s3, STATE_BUCKET, ACCOUNT, REGION), lambda _line: None)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = terraform_environment(directory, emulated.environment) | {
        "SLIPWAY_SETTINGS": str(settings),
        "PATH": path,
    }
    pipeline = Deployed(directory / "cdktf.out", environment)
    synthesised = pipeline.run("npx", "--no-install", "cdktf", "synth", "--output", str(pipeline.output))
    assert synthesised.returncode == 0, synthesised.stdout + synthesised.stderr
    assert len(overrides.write(pipeline.output)) == 4
    first = pipeline.cdktf("deploy", "*", "--auto-approve")
    delivery = pipeline.output / "stacks" / "my-app-delivery"
    why = pipeline.run("terraform", f"-chdir={delivery}", "plan", "-no-color")
    complete_handshakes(emulated.endpoint)
    last = pipeline.cdktf(*GO_ON, "--auto-approve")
    return Deployed(pipeline.output, environment, first, why, last)


def writes(aws: Aws, stack: str) -> list[datetime]:
    """When a stack's state was written: the versioned bucket remembers."""
    versions = aws.s3.list_object_versions(Bucket=STATE_BUCKET, Prefix=f"my-app/{stack}.tfstate")
    return sorted(
        version["LastModified"] for version in versions["Versions"] if version["Key"].endswith(".tfstate")
    )


def test_every_stack_is_applied_and_none_before_what_it_needs(deployed: Deployed, emulated: Emulator) -> None:
    aws = Aws(REGION, emulated.environment)
    foundation, staging, delivery = (
        writes(aws, f"my-app-{each}") for each in ("foundation", "staging", "delivery")
    )
    assert foundation[-1] <= staging[0]
    assert staging[-1] <= delivery[0]
    assert writes(aws, "my-app-access")


def test_while_the_connection_is_pending_everything_but_delivery_is_made(deployed: Deployed) -> None:
    """cdktf 0.21 does not print why: github.com/open-constructs/cdk-terrain/issues/169. Terraform does."""
    assert deployed.first is not None
    assert deployed.why is not None
    assert deployed.first.returncode == deployed.why.returncode == 1
    said = " ".join(deployed.why.stderr.replace("\u2502", " ").split())
    assert "The connection my-app is PENDING." in said
    assert "codesuite/settings/connections?region=eu-central-1" in said
    assert f"npx cdktf {' '.join(GO_ON)}" in said


def test_that_command_goes_on_once_the_handshake_is_completed(deployed: Deployed) -> None:
    assert deployed.last is not None
    assert deployed.last.returncode == 0, deployed.last.stdout[-4000:] + deployed.last.stderr


@pytest.mark.parametrize("stack", ["foundation", "access", "staging", "delivery"])
def test_a_diff_of_what_was_deployed_finds_nothing(deployed: Deployed, stack: str) -> None:
    diff = deployed.cdktf("diff", f"my-app-{stack}")
    assert diff.returncode == 0, diff.stdout[-4000:] + diff.stderr
    assert "No changes." in diff.stdout


def test_the_other_engines_command_line_does_the_same_on_its_own_node(
    deployed: Deployed, tmp_path: Path
) -> None:
    """cdktn-cli runs on Node 24, on which cdktf-cli does not."""
    other_engine.require()
    engine, programs = other_engine.OTHER, other_engine.ENVIRONMENT / "bin"
    path = os.pathsep.join([str(programs), deployed.environment["PATH"]])
    other = replace(deployed, environment={**deployed.environment, "PATH": path, "ENGINE": engine})
    assert other.run("node", "--version").stdout.startswith({"cdktf": "v22.", "cdktn": "v24."}[engine])
    command = ("cdktn",) if engine == "cdktn" else ("npx", "--no-install", "cdktf")

    synthesised = other.run(*command, "synth", "--output", str(tmp_path / "out"))
    assert synthesised.returncode == 0, synthesised.stdout + synthesised.stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["version"] == other_engine.version()

    where = ("--skip-synth", "--skip-provider-lock", "--output", str(deployed.output))
    diff = other.run(*command, "diff", "my-app-foundation", *where)
    assert diff.returncode == 0, diff.stdout + diff.stderr
    assert "No changes." in diff.stdout
