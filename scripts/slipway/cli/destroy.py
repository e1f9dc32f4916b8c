"""``slipway destroy``: shows what would be lost, asks for the service's name, and takes it down."""

import os
from pathlib import Path
from typing import Annotated

import typer

from local.emulator import overrides
from slipway import console
from slipway.aws.clients import Aws, is_emulated
from slipway.checkout import project
from slipway.checkout.project import Project
from slipway.checkout.workdir import claimed
from slipway.cli.command import declare
from slipway.console import confirm
from slipway.console.errors import SlipwayError, UsageError
from slipway.console.shell import command_line
from slipway.processes import interruption
from slipway.terraform.destroy import protection
from slipway.terraform.destroy.data_loss import losses
from slipway.terraform.destroy.state_bucket import remove, states_with_resources
from slipway.terraform.destroy.teardown import Teardown
from slipway.terraform.settings import terraform_environment
from slipway.terraform.stacks.synthesis import synthesise
from slipway.terraform.state.bucket import StateBucket

app = declare()


@app.command()
def destroy(
    env: Annotated[
        str | None, typer.Option("--env", metavar="NAME", help="Only this environment's stack.")
    ] = None,
    yes: Annotated[
        str | None,
        typer.Option("--yes", metavar="SERVICE", help="The service's name, in place of the question."),
    ] = None,
    state_bucket: Annotated[
        bool, typer.Option("--state-bucket", help="At the end the state bucket too, with all its versions.")
    ] = False,
) -> None:
    """Destroy the stacks, after showing what will be lost and asking.

    \b
    slipway destroy                 every stack; the state bucket stays
    slipway destroy --env staging   only what runs in staging
    slipway destroy --state-bucket  every stack, then the state bucket
    slipway destroy --yes my-app    does not ask

    If interrupted, run it again: it continues where it stopped.

    Exit codes: 0 destroyed, 1 failed or aborted, 2 wrong settings or usage, 130 interrupted.
    """
    found = project.find(Path.cwd())
    _check(found, env, yes, state_bucket=state_bucket)
    aws = found.sign_in()
    bucket = StateBucket.of(aws, found.settings, found.names)
    if not bucket.exists():
        console.message(
            f"there is no state bucket {bucket.name}: nothing was ever applied, or all is destroyed"
        )
        return
    with claimed(found.working, "destroy") as directory:
        teardown = _prepare(found, aws, directory, env)
        _take_down(found, teardown, yes, _remarks(found, bucket, env, state_bucket=state_bucket))
    if state_bucket:
        removed = remove(bucket)
        console.message(f"the state bucket {bucket.name} is gone, with {removed} versions")
    elif env is None:
        console.message(f"the state bucket {bucket.name} stays: slipway destroy --state-bucket")


def _check(found: Project, env: str | None, yes: str | None, *, state_bucket: bool) -> None:
    """Refuse at once what cannot be meant."""
    service = found.settings.service
    found.chosen(env)
    if env is not None and state_bucket:
        raise UsageError("--state-bucket holds the state of every environment", then="leave --env out")
    if yes is not None and yes != service:
        raise UsageError(f'--yes says "{yes}", but the service is "{service}"', then="nothing was destroyed")
    confirm.require_somebody(yes=yes is not None, option=command_line("--yes", service))


def _prepare(found: Project, aws: Aws, directory: Path, env: str | None) -> Teardown:
    """Synthesise into a place of its own; override files of an emulated AWS lie nowhere else."""
    output = directory / "cdktf.out"
    stacks = interruption.run(synthesise(found.root, output))
    if is_emulated(os.environ):
        overrides.write(output)
    environment = terraform_environment(directory, os.environ)
    if env is not None:
        stacks = tuple(stack for stack in stacks if stack.name == found.environment(env).stack)
    return Teardown(aws, stacks, environment)


def _take_down(found: Project, teardown: Teardown, yes: str | None, remarks: list[str]) -> None:
    """Plan, show, ask, lift, destroy."""
    plans = interruption.run(teardown.plan())
    console.message(
        f"\nThis would be destroyed in account {found.settings.account}, {found.settings.region}:\n"
    )
    for line in [*losses(teardown.aws, plans), "", *remarks]:
        console.message(line)
    service = found.settings.service
    question = f"\nNone of it can be brought back. Type the service's name, {service}, to destroy it: "
    if yes is None and confirm.ask(question) != service:
        raise SlipwayError("that is not its name; nothing was destroyed")
    for name in protection.lift(teardown.aws, plans):
        console.message(f"deletion protection lifted: {name}")
    interruption.run(teardown.destroy(plans))


def _remarks(found: Project, bucket: StateBucket, env: str | None, *, state_bucket: bool) -> list[str]:
    """What else there is to know before agreeing."""
    if env is not None:
        return [
            f"The pipeline goes on deploying to {env}, and fails there. To be rid of it for good: afterwards",
            f"remove {env} from pipeline.toml, then apply {found.names.delivery_stack}.",
        ]
    known = {found.names.state_key(stack) for stack in found.names.stacks}
    unknown = states_with_resources(bucket.s3, bucket.name, but=known)
    remarks = [f"The state bucket {bucket.name} goes last, with every old version."] if state_bucket else []
    if unknown:
        remarks.append(f"Not destroyed: what pipeline.toml does not know: {', '.join(unknown)}")
    return remarks
