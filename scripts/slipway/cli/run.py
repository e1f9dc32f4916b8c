"""``slipway run``: runs a command in the service's image, in CodeBuild, and exits with its exit code."""

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
    """The command was interrupted and its build stopped."""

    exit_code = INTERRUPTED


@app.command()
def run(
    command: Annotated[
        list[str], typer.Argument(metavar="COMMAND", help="The program and its arguments, after --.")
    ],
    *,
    env: Env = None,
    minutes: Annotated[
        int, typer.Option("--minutes", metavar="N", help="The timeout; 0 means release.minutes.")
    ] = 0,
    dry_run: DryRun = False,
) -> None:
    """Run a command in the service's image, in CodeBuild.

    \b
    slipway run --env prod -- python -m app.migrate --check
    slipway run --env staging --minutes 5 -- python -c 'print(1)'

    The command runs in CodeBuild, in the environment's private network, with the running image and the
    environment's variables and secrets. Its output is printed here. It needs [release] in pipeline.toml, and
    the policy <service>-<environment>-run, which also allows to read the environment's secrets this way.
    Ctrl-C stops the command.

    Exit codes: 0 the command succeeded, the command's own if it failed, 1 it could not be run,
    2 wrong settings or usage, 130 interrupted.
    """
    found = project.find(Path.cwd())
    environment = found.environment(env)
    release = found.settings.release
    if release is None:
        raise UsageError(
            f"{found.names.service} has no CodeBuild project that runs commands",
            why="pipeline.toml has no [release]",
            then="add [release] to pipeline.toml, and apply the environments' stacks",
        )
    aws = found.sign_in()
    image = running_image(aws, found.names, environment)
    request = requests.start_command(environment, image, command, minutes or release.minutes)
    if dry_run:
        would_call([Step(request)])
        return
    started = str(request.send(aws)["build"]["id"])
    console.message(f"build {started} runs the command in {image}")
    try:
        CommandFollower(aws, console.data).follow(started)
    except KeyboardInterrupt:
        requests.stop_command(started).send(aws)
        raise StoppedError(f"stopping build {started}; changes that it made are not undone") from None
