"""The real provider plans every stack, for every way that a pipeline can be."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from constructs_lib.stack import App

import pytest

from slipway.aws.clients import Aws
from slipway.emulator import account, overrides
from slipway.emulator.process import Emulator, running
from slipway.terraform import cli_config
from tests.readme import build_with_own_resources
from tests.settings import ACCOUNT, CERTIFICATE_ARN, REGION, demo, variants
from tests.synthesis import read, synthesised

pytestmark = pytest.mark.integration

LOCAL_BACKEND: dict[str, Any] = {"terraform": {"backend": {"local": {}}}}


class Workbench:
    """One directory, initialised once, in which stack after stack is validated and planned."""

    def __init__(self, directory: Path, emulator: Emulator) -> None:
        self.directory = directory
        directory.mkdir()
        self._environment = emulator.environment | cli_config.environment(
            directory, environ=emulator.environment
        )
        self._initialised = False
        self._seen: dict[str, str] = {}

    def put(self, stack: Mapping[str, Any]) -> None:
        """Make this the stack that is looked at; its state is nowhere, as before a first apply."""
        (self.directory / overrides.STACK_FILE).write_text(json.dumps(stack))
        override = overrides.render(stack) | LOCAL_BACKEND
        (self.directory / overrides.FILE_NAME).write_text(json.dumps(override))
        if not self._initialised:
            self.terraform("init", "-input=false")
            self._initialised = True

    def plan(self, name: str, stack: Mapping[str, Any]) -> str | None:
        """Plan a stack; the name of the one that was planned before, where it is the same to the byte."""
        digest = sha256(json.dumps(stack).encode()).hexdigest()
        if digest in self._seen:
            return self._seen[digest]
        self._seen[digest] = name
        self.put(stack)
        self.terraform("plan", "-input=false", "-lock=false", "-refresh=false")
        return None

    def terraform(self, *arguments: str) -> str:
        run = subprocess.run(
            ["terraform", *arguments],
            cwd=self.directory,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, f"terraform {' '.join(arguments)}:\n{run.stdout}\n{run.stderr}"
        return run.stdout


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    directory = tmp_path_factory.mktemp("plans") / "stack"
    with running(account=ACCOUNT, region=REGION, certificates=[CERTIFICATE_ARN]) as emulator:
        by_zone = {
            each.hosted_zone: pipeline for pipeline in variants().values() for each in pipeline.environments
        }
        for zone, pipeline in by_zone.items():
            if zone:
                account.prepare(pipeline, Aws(REGION, emulator.environment))
        yield Workbench(directory, emulator)


@pytest.mark.parametrize("stack", ["foundation", "access", "staging", "prod", "delivery"])
def test_each_committed_stack_is_valid_and_can_be_planned(workbench: Workbench, stack: str) -> None:
    content = synthesised("demo").stacks[f"my-app-{stack}"]
    workbench.put(content)
    workbench.terraform("validate")
    assert workbench.plan(f"demo {stack}", content) is None


def test_a_teams_own_queue_as_the_readme_adds_it_is_valid(workbench: Workbench, tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    build_with_own_resources(app, demo())
    app.synth()
    workbench.put(read(demo(), tmp_path).stacks["my-app-staging"])
    workbench.terraform("validate")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("variant", sorted(set(variants()) - {"demo"}))
def test_each_way_a_pipeline_can_be_is_valid_and_can_be_planned(workbench: Workbench, variant: str) -> None:
    for name, content in synthesised(variant).stacks.items():
        workbench.plan(f"{variant} {name}", content)
