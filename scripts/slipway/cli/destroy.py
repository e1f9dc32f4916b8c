"""``slipway destroy``: shows what would be lost, asks for the service's name, and destroys the stacks."""

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
from slipway.terraform.destroy.kept import kept
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
        typer.Option("--yes", metavar="SERVICE", help="The service's name; skips the confirmation."),
    ] = None,
    state_bucket: Annotated[
        bool, typer.Option("--state-bucket", help="Also delete the state bucket with all its versions.")
    ] = False,
) -> None:
    """Destroy the stacks, after showing what will be lost and asking.

    \b
    slipway destroy                 every stack; the state bucket is kept
    slipway destroy --env staging   only staging's stack
    slipway destroy --state-bucket  every stack, then the state bucket
    slipway destroy --yes my-app    skips the confirmation (for scripts)

    If interrupted, run it again: it continues where it stopped.

    Exit codes: 0 destroyed, 1 failed or aborted, 2 wrong settings or usage, 130 interrupted.
    """
    found = project.find(Path.cwd())
    _check(found, env, yes, state_bucket=state_bucket)
    aws = found.sign_in()
    bucket = StateBucket.of(aws, found.settings, found.names)
    if not bucket.exists():
        console.message(
            f"the state bucket {bucket.name} does not exist: nothing was applied, or everything is destroyed"
        )
        return
    with claimed(found.working, "destroy") as directory:
        teardown = _prepare(found, aws, directory, env)
        _take_down(found, teardown, yes, _remarks(found, bucket, env, state_bucket=state_bucket))
    if state_bucket:
        removed = remove(bucket)
        console.message(f"deleted the state bucket {bucket.name} with {removed} versions")
    elif env is None:
        console.message(f"kept the state bucket {bucket.name}; slipway destroy --state-bucket deletes it")


def _check(found: Project, env: str | None, yes: str | None, *, state_bucket: bool) -> None:
    """Raise UsageError for invalid options, before anything is read."""
    service = found.settings.service
    found.chosen(env)
    if env is not None and state_bucket:
        raise UsageError(
            "--state-bucket and --env cannot be used together",
            why="the state bucket holds the state of every environment",
            then="leave --env out",
        )
    if yes is not None and yes != service:
        raise UsageError(
            f'--yes is "{yes}", but the service is "{service}"; nothing was destroyed',
            then="give the service's name to --yes",
        )
    confirm.require_somebody(yes=yes is not None, option=command_line("--yes", service))


def _prepare(found: Project, aws: Aws, directory: Path, env: str | None) -> Teardown:
    """Synthesise into a directory of this run, with provider overrides if AWS is emulated."""
    output = directory / "cdktf.out"
    stacks = interruption.run(synthesise(found.root, output))
    if is_emulated(os.environ):
        overrides.write(output)
    environment = terraform_environment(directory, os.environ)
    if env is not None:
        stacks = tuple(stack for stack in stacks if stack.name == found.environment(env).stack)
    return Teardown(aws, stacks, environment)


def _take_down(found: Project, teardown: Teardown, yes: str | None, remarks: list[str]) -> None:
    """Plan, show the losses, ask, lift deletion protection, destroy."""
    plans = interruption.run(teardown.plan())
    console.message(
        f"\nThis would be destroyed in account {found.settings.account}, {found.settings.region}:\n"
    )
    for line in [*losses(teardown.aws, plans), "", *remarks]:
        console.message(line)
    service = found.settings.service
    question = f"\nThis cannot be undone. Type the service's name, {service}, to destroy it: "
    if yes is None and confirm.ask(question) != service:
        raise SlipwayError(
            f"the answer is not {service}; nothing was destroyed",
            then=f"run the command again and type {service}",
        )
    for name in protection.lift(teardown.aws, plans):
        console.message(f"removed deletion protection: {name}")
    interruption.run(teardown.destroy(plans))


def _remarks(found: Project, bucket: StateBucket, env: str | None, *, state_bucket: bool) -> list[str]:
    """What else to print before the confirmation."""
    stays = kept(found.settings, [e for e in found.settings.environments if env in {None, e.name}])
    if env is not None:
        return [
            *stays,
            f"The pipeline continues to deploy to {env}, and will fail there. To prevent this, afterwards",
            f"remove {env} from pipeline.toml, then apply {found.names.delivery_stack}.",
        ]
    known = {found.names.state_key(stack) for stack in found.names.stacks}
    unknown = states_with_resources(bucket.s3, bucket.name, but=known)
    remarks = [f"The state bucket {bucket.name} is deleted last, with all versions."] if state_bucket else []
    if unknown:
        remarks.append(f"Not destroyed, because not in pipeline.toml: {', '.join(unknown)}")
    return [*stays, *remarks]
