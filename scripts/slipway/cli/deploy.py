"""``slipway deploy``: deploys any commit that was built, without the pipeline."""

from typing import Annotated

import typer

from slipway.cli.change_release import change
from slipway.cli.command import declare
from slipway.cli.options import DryRun, Env, Json, OverrideAlarms, Reason, StopRunning, To, Yes
from slipway.releases.plan import ReleaseOptions

app = declare()


@app.command()
def deploy(
    *,
    env: Env = None,
    to: To = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    stop_running: StopRunning = False,
    override_alarms: OverrideAlarms = False,
    pause: Annotated[
        bool, typer.Option("--pause", help="Pause the pipeline before the environment.")
    ] = False,
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Deploy any commit that was built, without the pipeline.

    \b
    slipway deploy --env staging --to 9b1c77e    shows the change, asks, deploys, watches
    slipway deploy --env staging --to 9b1c77e --dry-run
    slipway deploy --env staging --to 9b1c77e --pause   ... and pauses the pipeline, which would undo it

    Unlike slipway rollback, it does not pause the pipeline without --pause.
    slipway releases lists the commits.

    Exit codes: 0 the deployment succeeded, 1 it failed, was stopped, or there is nothing to do,
    2 wrong settings or usage, 130 interrupted (the deployment continues).
    """
    options = ReleaseOptions(
        to=to,
        back=False,
        pause=pause,
        stop_running=stop_running,
        override_alarms=override_alarms,
        why=reason,
    )
    change(options, env, yes=yes, dry_run=dry_run, json=json)
