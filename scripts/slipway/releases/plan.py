"""Decides what brings another release to an environment, or why it cannot be. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime

from modules.config.names import EnvironmentNames, Names
from slipway.errors import SlipwayError, UsageError
from slipway.releases import requests
from slipway.releases.catalogue import Catalogue, Release
from slipway.releases.history import Deployment
from slipway.releases.requests import Request
from slipway.releases.revision import Location
from slipway.releases.way_in import WayIn

LONGEST_DESCRIPTION = 256
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What there is to know before an environment gets another release.

    alarms_on: those in ALARM that stop a deployment of the group.
    """

    names: Names
    environment: EnvironmentNames
    catalogue: Catalogue
    alarms_on: tuple[str, ...]
    way_in: WayIn

    @property
    def name(self) -> str:
        """The environment's name."""
        return self.environment.environment

    @property
    def running(self) -> Release | None:
        """What its last successful deployment brought."""
        return self.catalogue.running(self.name)

    @property
    def in_progress(self) -> Deployment | None:
        """The deployment that has not ended."""
        return self.catalogue.in_progress(self.name)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What was asked for.

    to: the commit, or None for what ran before. back: whether this is a way back. pause: whether the
    pipeline is kept from undoing it. stop_running: whether a deployment in progress may be stopped.
    override_alarms: also where none is on yet. who, when: asks. why: a person's own words.
    """

    to: str | None
    back: bool
    pause: bool
    stop_running: bool = False
    override_alarms: bool = False
    who: str = ""
    when: datetime = NEVER
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be done. goes, comes: the releases. stop: the deployment to be stopped first.

    by_stopping: whether CodeDeploy's own way back, which follows the stop, brings what is wanted.
    """

    situation: Situation
    wish: Wish
    goes: Release | None
    comes: Release
    stop: Deployment | None = None
    by_stopping: bool = False

    @property
    def overrides_alarms(self) -> bool:
        """Whether this deployment goes on whatever the alarms say."""
        return self.wish.override_alarms or bool(self.situation.alarms_on)

    @property
    def pauses(self) -> bool:
        """Whether the way in has to be closed; one that is closed stays as it was closed."""
        return self.wish.pause and self.situation.way_in.open

    def candidates(self) -> list[Location]:
        """Where the revision may lie: as it succeeded here; else as its build kept it."""
        proven = self.situation.catalogue.last_succeeded(self.situation.name, self.comes.commit)
        places = (proven.location if proven else None, self.comes.revision)
        return [each for each in places if each]

    def requests(self, location: Location) -> list[Request]:
        """All that is sent to AWS, in order."""
        return [*self.before(), *([] if self.by_stopping else [self.deploy(location)])]

    def before(self) -> list[Request]:
        """What comes before the deployment."""
        pauses = [self.pause()] if self.pauses else []
        return [*pauses, *([requests.stop(self.stop.id)] if self.stop else [])]

    def pause(self) -> Request:
        """Keeps the pipeline from undoing it."""
        wish, name = self.wish, self.situation.name
        reason = requests.pause_reason(name, self.comes.commit, wish.who, wish.when, wish.why)
        return requests.pause(self.situation.names, name, reason)

    def deploy(self, location: Location) -> Request:
        """Deploys the revision."""
        return requests.deploy(
            self.situation.environment,
            self.situation.names.application,
            location,
            description=self.description,
            override_alarms=self.overrides_alarms,
        )

    @property
    def description(self) -> str:
        """What CodeDeploy shows of it."""
        command = "rollback" if self.wish.back else "deploy"
        why = f": {self.wish.why}" if self.wish.why else ""
        text = f"slipway {command} to {self.comes.commit[:12]} by {self.wish.who}{why}"
        return text[:LONGEST_DESCRIPTION]


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
