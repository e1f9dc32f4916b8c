"""``slipway rollback``: rolls back to the release that ran before, or to a commit."""

from typing import Annotated

import typer

from slipway.cli.change_release import change
from slipway.cli.command import declare
from slipway.cli.options import DryRun, Env, Json, OverrideAlarms, Reason, StopRunning, To, Yes
from slipway.releases.plan import ReleaseOptions

app = declare()


@app.command()
def rollback(
    *,
    env: Env = None,
    to: To = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    stop_running: StopRunning = False,
    override_alarms: OverrideAlarms = False,
    no_pause: Annotated[bool, typer.Option("--no-pause", help="Do not pause the pipeline.")] = False,
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Roll back to the release that ran before, or to any commit.

    \b
    slipway rollback --env prod                  shows the change, asks, deploys, watches
    slipway rollback --env prod --to 9b1c77e     ... to this commit
    slipway rollback --env prod --dry-run        prints the calls to AWS and makes none
    slipway rollback --env prod --yes            skips the confirmation (for scripts)
    slipway rollback --env prod --stop-running   stops a deployment in progress first
    slipway rollback --env prod --reason 'checkout is down'

    Deploys the same version of the revision that succeeded in the environment before. It names its
    image by digest, so the same image runs again. A release that was rolled back is not chosen again.

    The pipeline is paused before the environment, so that the next commit does not undo this; slipway
    resume ends the pause. If an alarm is in ALARM, this deployment ignores the group's alarms, which needs
    codedeploy:UpdateDeploymentGroup in addition to codedeploy:CreateDeployment.
    Ctrl-C stops the watching, not the deployment.

    Exit codes: 0 the deployment succeeded, 1 it failed, was stopped, or there is nothing to do,
    2 wrong settings or usage, 130 interrupted (the deployment continues).
    """
    options = ReleaseOptions(
        to=to,
        back=True,
        pause=not no_pause,
        stop_running=stop_running,
        override_alarms=override_alarms,
        why=reason,
    )
    change(options, env, yes=yes, dry_run=dry_run, json=json)
