"""Decides what brings another release to an environment, or why it cannot be. Pure."""

from slipway.aws.codedeploy import Deployment
from slipway.console.errors import SlipwayError
from slipway.console.shell import command_line
from slipway.releases.catalog import Release
from slipway.releases.plan import ReleaseOptions, ReleasePlan, Situation


def decide(situation: Situation, options: ReleaseOptions) -> ReleasePlan:
    """The plan. Raises SlipwayError if there is nothing to be done, or it cannot be done now."""
    stop = _in_the_way(situation, options)
    running = situation.running
    to_release = _chosen(situation, options, stopping=stop is not None)
    same = running is not None and to_release.commit == running.commit
    if same and stop is None and options.back:
        again = command_line("slipway", "deploy", "--env", situation.name, "--to", to_release.commit[:12])
        raise SlipwayError(
            f"{situation.name} runs {to_release.commit[:12]} already",
            then=f"slipway status shows whether every host does; {again} brings it a changed configuration",
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
    """The named commit's release; or, going back, what ran before what is on its way or runs."""
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
        f"no other commit succeeded there before {running.commit[:12]}, but those that were rolled back from"
        if running
        else "no deployment ever succeeded there"
    )
    return SlipwayError(
        f"no release to go back to in {situation.name}",
        why=why,
        then="slipway releases lists what can be deployed; --to COMMIT takes one of them",
    )


def _in_the_way(situation: Situation, options: ReleaseOptions) -> Deployment | None:
    """The deployment to be stopped first. Raises SlipwayError if it may not be."""
    current = situation.in_progress
    if current is None or options.stop_running:
        return current
    if current.rolls_back:
        raise SlipwayError(
            f"CodeDeploy is going back in {situation.name} already",
            why=f"{current.id} takes back {current.rolls_back}",
            then=command_line("slipway", "watch", current.id),
        )
    raise InProgressError(situation.name, current)


class InProgressError(SlipwayError):
    """Another deployment has not ended."""

    def __init__(self, environment: str, deployment: Deployment) -> None:
        started = f"it began {deployment.created:%Y-%m-%d %H:%M:%S} UTC"
        super().__init__(
            f"a deployment is in progress in {environment}: {deployment.id}",
            why=f"{started}: {deployment.description}" if deployment.description else started,
            then=f"{command_line('slipway', 'watch', deployment.id)} to see how it ends, "
            "or --stop-running to stop it, which goes back to the last revision that succeeded",
        )
        self.deployment = deployment
