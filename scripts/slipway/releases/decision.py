"""Decides what brings another release to an environment, or why it cannot be. Pure."""

from slipway.aws.codedeploy import Deployment
from slipway.console.errors import SlipwayError, UsageError
from slipway.releases.catalog import Release
from slipway.releases.plan import Plan, Situation, Wish


def decide(situation: Situation, wish: Wish) -> Plan:
    """The plan. Raises SlipwayError if there is nothing to be done, or it cannot be done now."""
    stop = _in_the_way(situation, wish)
    running = situation.running
    comes = _chosen(situation, wish, stopping=stop is not None)
    same = running is not None and comes.commit == running.commit
    if same and stop is None and wish.back:
        again = f"slipway deploy --env {situation.name} --to {comes.commit[:12]}"
        raise SlipwayError(
            f"{situation.name} runs {comes.commit[:12]} already",
            then=f"slipway status shows whether every host does; {again} brings it a changed configuration",
        )
    by_stopping = same and stop is not None
    return Plan(situation=situation, wish=wish, goes=running, comes=comes, stop=stop, by_stopping=by_stopping)


def _chosen(situation: Situation, wish: Wish, *, stopping: bool) -> Release:
    """The named commit's release; or, going back, what ran before what is on its way or runs."""
    if wish.to is not None:
        return situation.catalogue.find(wish.to)
    if not wish.back:
        raise UsageError("which commit?", then="--to COMMIT; slipway releases lists them")
    if stopping and situation.running:
        return situation.running
    before = situation.catalogue.before(situation.name)
    if before is None:
        raise _nothing_before(situation)
    return before


def _nothing_before(situation: Situation) -> SlipwayError:
    running = situation.running
    why = (
        f"no other commit succeeded there before {running.commit[:12]}, but those that were gone back from"
        if running
        else "no deployment ever succeeded there"
    )
    return SlipwayError(
        f"there is nothing to go back to in {situation.name}",
        why=why,
        then="slipway releases lists what can be deployed; --to COMMIT takes one of them",
    )


def _in_the_way(situation: Situation, wish: Wish) -> Deployment | None:
    """The deployment to be stopped first. Raises SlipwayError if it may not be."""
    current = situation.in_progress
    if current is None or wish.stop_running:
        return current
    if current.rolls_back:
        raise SlipwayError(
            f"CodeDeploy is going back in {situation.name} already",
            why=f"{current.id} takes back {current.rolls_back}",
            then=f"slipway watch {current.id}",
        )
    raise InProgressError(situation.name, current)


class InProgressError(SlipwayError):
    """Another deployment has not ended."""

    def __init__(self, environment: str, deployment: Deployment) -> None:
        started = f"it began {deployment.created:%Y-%m-%d %H:%M:%S} UTC"
        super().__init__(
            f"a deployment is in progress in {environment}: {deployment.id}",
            why=f"{started}: {deployment.description}" if deployment.description else started,
            then=f"slipway watch {deployment.id} to see how it ends, or --stop-running to stop it, "
            "which goes back to the last revision that succeeded",
        )
        self.deployment = deployment
