"""Decides how to deploy another release to an environment, or why this is not possible. Pure."""

from slipway.aws.codedeploy import Deployment
from slipway.console.errors import SlipwayError
from slipway.console.shell import command_line
from slipway.releases.catalog import Release
from slipway.releases.plan import ReleaseOptions, ReleasePlan, Situation


def decide(situation: Situation, options: ReleaseOptions) -> ReleasePlan:
    """Make the plan. Raises SlipwayError if there is nothing to do, or it is not possible now."""
    stop = _in_the_way(situation, options)
    running = situation.running
    to_release = _chosen(situation, options, stopping=stop is not None)
    same = running is not None and to_release.commit == running.commit
    if same and stop is None and options.back:
        again = command_line("slipway", "deploy", "--env", situation.name, "--to", to_release.commit[:12])
        raise SlipwayError(
            f"{situation.name} already runs {to_release.commit[:12]}",
            then=f"slipway status shows each host; to apply a changed configuration: {again}",
        )
    return ReleasePlan(
        situation=situation,
        options=options,
        from_release=running,
        to_release=to_release,
        stop=stop,
        via_auto_rollback=same and stop is not None,
    )


def _chosen(situation: Situation, options: ReleaseOptions, *, stopping: bool) -> Release:
    """The release of the given commit; without one, the release to roll back to."""
    if options.to is not None:
        return situation.catalog.find(options.to)
    if stopping and situation.running:
        return situation.running
    before = situation.catalog.before(situation.name)
    if before is None:
        raise _nothing_before(situation)
    return before


def _nothing_before(situation: Situation) -> SlipwayError:
    running = situation.running
    why = (
        f"no other commit was deployed successfully before {running.commit[:12]}, except rolled back ones"
        if running
        else "no deployment has succeeded there yet"
    )
    return SlipwayError(
        f"no release to roll back to in {situation.name}",
        why=why,
        then="choose a release with --to COMMIT; slipway releases lists them",
    )


def _in_the_way(situation: Situation, options: ReleaseOptions) -> Deployment | None:
    """The deployment to stop first, None if there is none. Raises SlipwayError if it must not be stopped."""
    current = situation.in_progress
    if current is None or options.stop_running:
        return current
    if current.rolls_back:
        raise SlipwayError(
            f"an automatic rollback is in progress in {situation.name}",
            why=f"{current.id} reverts {current.rolls_back}",
            then=f"wait for its end: {command_line('slipway', 'watch', current.id)}",
        )
    raise InProgressError(situation.name, current)


class InProgressError(SlipwayError):
    """Another deployment is in progress in the environment."""

    def __init__(self, environment: str, deployment: Deployment) -> None:
        started = f"it started at {deployment.created:%Y-%m-%d %H:%M:%S} UTC"
        super().__init__(
            f"a deployment is in progress in {environment}: {deployment.id}",
            why=f"{started}: {deployment.description}" if deployment.description else started,
            then=f"wait for its end: {command_line('slipway', 'watch', deployment.id)}; or stop it with "
            "--stop-running, after which CodeDeploy deploys the last revision that succeeded",
        )
        self.deployment = deployment
