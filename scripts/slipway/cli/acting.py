"""Declares the commands that change what runs, or watch it change."""

from typing import Annotated

import typer

Env = Annotated[str | None, typer.Option("--env", metavar="NAME", help="The environment.")]
To = Annotated[str | None, typer.Option("--to", metavar="COMMIT", help="A commit, or the beginning of one.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only look; print what would be called.")]
StopRunning = Annotated[
    bool, typer.Option("--stop-running", help="Stop a deployment in progress first, which rolls it back.")
]
OverrideAlarms = Annotated[
    bool, typer.Option("--override-alarms", help="Heed no alarm, even if none is on yet.")
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; colleagues see it.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def add(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (rollback, deploy, resume, watch, approve, reject):
        app.command()(command)


def rollback(
    *,
    env: Env = None,
    to: To = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    stop_running: StopRunning = False,
    override_alarms: OverrideAlarms = False,
    no_pause: Annotated[
        bool, typer.Option("--no-pause", help="Let the pipeline go on releasing into it.")
    ] = False,
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Go back to the release that ran before, or to the commit you name.

    \b
    slipway rollback --env prod                  shows what goes and what comes, asks, does it, watches
    slipway rollback --env prod --to 9b1c77e     ... to this commit
    slipway rollback --env prod --dry-run        prints exactly what would be called; changes nothing
    slipway rollback --env prod --yes            does not ask: for scripts, and for the worst night
    slipway rollback --env prod --stop-running   stops the deployment that is in progress first
    slipway rollback --env prod --reason 'checkout is down'

    Deploys the revision again, in the exact version that succeeded there; it names its image by
    digest, so what ran then runs again. What was rolled back from is never what it goes back to.

    The pipeline is paused before the environment, so that the next commit does not undo this;
    slipway resume lifts that. An alarm that is on does not stop it: this one deployment overrides the
    group's alarms, which takes codedeploy:UpdateDeploymentGroup beside codedeploy:CreateDeployment.
    Ctrl-C ends the watching, not the deployment.

    Exit codes: 0 the deployment succeeded, 1 it failed, was stopped, or there is nothing to be done,
    2 wrong settings or usage, 130 interrupted (the deployment goes on).
    """
    from slipway.cli import rollback as command
    from slipway.releases.plan import Wish

    wish = Wish(
        to=to,
        back=True,
        pause=not no_pause,
        stop_running=stop_running,
        override_alarms=override_alarms,
        why=reason,
    )
    command.change(wish, env, yes=yes, dry_run=dry_run, json=json)


def deploy(
    *,
    env: Env = None,
    to: To = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    stop_running: StopRunning = False,
    override_alarms: OverrideAlarms = False,
    pause: Annotated[
        bool, typer.Option("--pause", help="Keep the pipeline from releasing into it afterwards.")
    ] = False,
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Deploy any commit that was built, past the pipeline.

    \b
    slipway deploy --env staging --to 9b1c77e    shows what goes and what comes, asks, does it, watches
    slipway deploy --env staging --to 9b1c77e --dry-run
    slipway deploy --env staging --to 9b1c77e --pause   ... and keeps the pipeline from undoing it

    Like rollback, but forward, and the pipeline goes on releasing unless --pause says otherwise.
    slipway releases lists the commits.

    Exit codes: 0 the deployment succeeded, 1 it failed, was stopped, or there is nothing to be done,
    2 wrong settings or usage, 130 interrupted (the deployment goes on).
    """
    from slipway.cli import rollback as command
    from slipway.releases.plan import Wish

    wish = Wish(
        to=to,
        back=False,
        pause=pause,
        stop_running=stop_running,
        override_alarms=override_alarms,
        why=reason,
    )
    command.change(wish, env, yes=yes, dry_run=dry_run, json=json)


def resume(*, env: Env = None, yes: Yes = False, dry_run: DryRun = False, json: Json = False) -> None:
    """Let the pipeline release into an environment again, after a rollback paused it.

    \b
    slipway resume --env prod                    says who paused it, why, and what goes in; then asks
    slipway resume --env prod --dry-run          prints exactly what would be called

    What waits there goes in at once: the newest commit, not the one that was rolled back from.

    Exit codes: 0 resumed, or it was not paused, 1 failed or not agreed to, 2 wrong settings or usage.
    """
    from slipway.cli import resume as command

    command.resume(env=env, yes=yes, dry_run=dry_run, json=json)


def watch(
    deployment: Annotated[
        str, typer.Argument(metavar="[DEPLOYMENT]", help="Its id; left out, the one in progress.")
    ] = "",
    *,
    env: Env = None,
    json: Json = False,
) -> None:
    """Watch a deployment, host by host and event by event.

    \b
    slipway watch                                the one in progress; if there is none, the last
    slipway watch --env prod                     ... in prod
    slipway watch d-4X7K2M9QZ                    this one

    If it fails: the end of the failing script's log, and the deployment that takes it back.
    Ctrl-C ends the watching, not the deployment.

    Exit codes: 0 it succeeded, 1 it failed or was stopped, 2 wrong settings or usage,
    130 interrupted (the deployment goes on).
    """
    from slipway.cli import watch as command

    command.watch(deployment, env=env, json=json)


def approve(
    *, env: Env = None, yes: Yes = False, dry_run: DryRun = False, reason: Reason = "", json: Json = False
) -> None:
    """Let the release in that waits for approval, after showing what it would ship.

    \b
    slipway approve --env prod
    slipway approve --env prod --yes --reason 'tested on staging'

    Exit codes: 0 approved, 1 nothing waits, failed, or not agreed to, 2 wrong settings or usage.
    """
    from slipway.cli import approve as command

    command.approve(env=env, yes=yes, dry_run=dry_run, reason=reason, json=json)


def reject(
    *, env: Env = None, yes: Yes = False, dry_run: DryRun = False, reason: Reason = "", json: Json = False
) -> None:
    """Keep the release out that waits for approval, after showing what it would have shipped.

    \b
    slipway reject --env prod --reason 'prod was rolled back'

    Exit codes: 0 rejected, 1 nothing waits, failed, or not agreed to, 2 wrong settings or usage.
    """
    from slipway.cli import approve as command

    command.reject(env=env, yes=yes, dry_run=dry_run, reason=reason, json=json)
