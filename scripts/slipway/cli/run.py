"""``slipway run``: a command in the service's image, in CodeBuild; its exit code is ours."""

from pathlib import Path
from typing import Annotated

import typer

from slipway import console
from slipway.aws import requests
from slipway.checkout import project
from slipway.cli.command import declare
from slipway.cli.dry_run import would_call
from slipway.cli.options import DryRun, Env
from slipway.console.errors import INTERRUPTED, SlipwayError, UsageError
from slipway.releases.plan import Step
from slipway.runs.follow import CommandFollower
from slipway.runs.image import running_image

app = declare()


class StoppedError(SlipwayError):
    """We were interrupted, and with us the command."""

    exit_code = INTERRUPTED


@app.command()
def run(
    command: Annotated[list[str], typer.Argument(metavar="-- COMMAND...", help="The program and its words.")],
    *,
    env: Env = None,
    minutes: Annotated[
        int, typer.Option("--minutes", metavar="N", help="How long it may take. Default: release.minutes.")
    ] = 0,
    dry_run: DryRun = False,
) -> None:
    """Run a command in the service's image, in CodeBuild.

    \b
    slipway run --env prod -- python -m app.migrate --check
    slipway run --env staging --minutes 5 -- python -c 'print(1)'

    It runs in CodeBuild, in the environment's private network, with the image that the environment runs
    and its configuration, secrets too; what it prints comes here. It needs [release] in pipeline.toml, and
    the policy <service>-<environment>-run: whoever has it reads the environment's secrets.
    Ctrl-C ends the command.

    Exit codes: 0 the command succeeded, its own if it failed, 1 it could not be run,
    2 wrong settings or usage, 130 interrupted.
    """
    found = project.find(Path.cwd())
    environment = found.environment(env)
    release = found.settings.release
    if release is None:
        raise UsageError(
            f"{found.names.service} has no project that runs commands",
            why="pipeline.toml has no [release]",
            then="add [release] to it, and apply the environments' stacks",
        )
    aws = found.sign_in()
    image = running_image(aws, found.names, environment)
    request = requests.start_command(environment, image, command, minutes or release.minutes)
    if dry_run:
        would_call([Step(request)])
        return
    started = str(request.send(aws)["build"]["id"])
    console.message(f"{started} runs it in {image}")
    try:
        CommandFollower(aws, console.data).follow(started)
    except KeyboardInterrupt:
        requests.stop_command(started).send(aws)
        raise StoppedError(f"{started} was told to stop; what it has done stays done") from None
