"""Applies stacks to an emulated AWS, for the demo, the rehearsal and the tests."""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local.emulator import account, overrides
from local.emulator.handshakes import complete_handshakes
from local.emulator.process import EmulatedAws, Emulator, running
from slipway.aws.clients import Aws
from slipway.checkout.project import Project
from slipway.processes.schedule import Done
from slipway.terraform.progress.board import Progress
from slipway.terraform.settings import terraform_environment
from slipway.terraform.stacks.engine import Engine, require_all_done, words_of_apply
from slipway.terraform.stacks.manifest import SynthesisedStack, dependencies
from slipway.terraform.stacks.synthesis import synthesise
from slipway.terraform.state.bootstrap import bootstrap
from slipway.terraform.state.bucket import StateBucket
from slipway.terraform.workspace import Result

HANDSHAKE = "completed the connection's handshake, which a person does in AWS's console"
LOCK_TIMEOUT = 60  # seconds; no one else uses this state, but an emulator may be slow to release the lock


@contextmanager
def emulated(project: Project, directory: Path) -> Iterator[Emulator]:
    """An emulated AWS with the state bucket and the resources that the settings refer to.

    directory: for the emulator's log and its record of calls.
    """
    settings = project.settings
    with running(
        account=settings.account,
        region=settings.region,
        directory=directory,
        existing=account.existing(settings),
    ) as aws:
        account.prepare(Aws(settings.region, aws.environment), settings)
        make_state_bucket(project, aws)
        yield aws


async def synthesised(project: Project, output: Path) -> tuple[SynthesisedStack, ...]:
    """Synthesises the stacks without imports: an emulated account has nothing that adopt.toml names."""
    stacks = await synthesise(project.root, output)
    for stack in stacks:
        file = stack.directory / overrides.STACK_FILE
        content = json.loads(file.read_text(encoding="utf-8"))
        if content.pop("import", None):
            file.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return stacks


def make_state_bucket(project: Project, aws: EmulatedAws) -> None:
    """Creates the bucket of the stacks' states."""
    clients = Aws(project.settings.region, aws.environment)
    bootstrap(StateBucket.of(clients, project.settings, project.names), lambda _line: None)


def point_at(aws: EmulatedAws, output: Path) -> dict[str, str]:
    """Makes synthesised stacks use an emulated AWS; returns the environment for Terraform.

    Terraform uses its own access key, which identifies its calls in the record.
    """
    overrides.write(output)
    return terraform_environment(output.parent, {**aws.environment, "AWS_ACCESS_KEY_ID": "apply"})


async def apply(
    aws: EmulatedAws, stacks: Iterable[SynthesisedStack], environment: Mapping[str, str], shown: Progress
) -> dict[str, Done[Result]]:
    """Applies stacks, each after its dependencies, and completes the handshakes of their connections.

    Raises SlipwayError, which names every stack that failed.
    """
    engine = Engine(tuple(stacks), environment, shown, LOCK_TIMEOUT)

    async def applied(stack: SynthesisedStack) -> Result:
        result = await engine.apply_one(stack)
        if await asyncio.to_thread(complete_handshakes, aws.endpoint):
            shown.begin(stack.name, HANDSHAKE)
        return result

    outcomes = await engine.each(dependencies(engine.stacks), applied, words_of_apply)
    require_all_done(outcomes)
    return {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, Done)}
