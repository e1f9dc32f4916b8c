"""Plans stack after stack with the real Terraform and provider, in one directory that is initialised once."""

import json
import subprocess
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from local.emulator import account, overrides
from local.emulator.process import Emulator
from modules.config.settings import PipelineSettings
from slipway.aws.clients import Aws
from slipway.terraform import cli_config
from tests.settings import REGION

LOCAL_BACKEND: dict[str, Any] = {"terraform": {"backend": {"local": {}}}}
PLAN = "scanned.tfplan"


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

    def plan(self, name: str, stack: Mapping[str, Any], *, show: Path | None = None) -> str | None:
        """Plan a stack; the name of the one that was planned before, where it is the same to the byte.

        show: where the plan's JSON is written, if anywhere.
        """
        digest = sha256(json.dumps(stack).encode()).hexdigest()
        if digest in self._seen:
            return self._seen[digest]
        self._seen[digest] = name
        self.put(stack)
        self.terraform("plan", "-input=false", "-lock=false", "-refresh=false", f"-out={PLAN}")
        if show:
            show.write_text(self.terraform("show", "-json", PLAN))
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


def prepare(pipelines: Mapping[str, PipelineSettings], emulator: Emulator) -> None:
    """What the pipelines find in the account already: each hosted zone, once."""
    by_zone = {
        each.hosted_zone: pipeline for pipeline in pipelines.values() for each in pipeline.environments
    }
    for zone, pipeline in by_zone.items():
        if zone:
            account.prepare(pipeline, Aws(REGION, emulator.environment))
