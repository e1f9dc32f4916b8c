"""``slipway rollback``: back to what ran before, or to a commit."""

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
    """Go back to the release that ran before, or to any commit.

    \b
    slipway rollback --env prod                  shows the change, asks, deploys, watches
    slipway rollback --env prod --to 9b1c77e     ... to this commit
    slipway rollback --env prod --dry-run        prints exactly what would be called; changes nothing
    slipway rollback --env prod --yes            skips the confirmation (for scripts)
    slipway rollback --env prod --stop-running   stops the deployment that is in progress first
    slipway rollback --env prod --reason 'checkout is down'

    Deploys the revision again, in the exact version that succeeded there; it names its image by
    digest, so what ran then runs again. A release that was rolled back from is never picked.

    The pipeline is paused before the environment, so that the next commit does not undo this;
    slipway resume lifts that. An alarm that is on does not stop it: this one deployment overrides the
    group's alarms, which takes codedeploy:UpdateDeploymentGroup beside codedeploy:CreateDeployment.
    Ctrl-C ends the watching, not the deployment.

    Exit codes: 0 the deployment succeeded, 1 it failed, was stopped, or there is nothing to be done,
    2 wrong settings or usage, 130 interrupted (the deployment goes on).
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
