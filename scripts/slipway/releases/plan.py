"""What is to be done to bring another release to an environment: the situation, the wish, the plan. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime

from modules.config.names import EnvironmentNames, Names
from slipway.aws import requests
from slipway.aws.codedeploy import Deployment
from slipway.aws.codepipeline import WayIn
from slipway.aws.requests import Request
from slipway.aws.revisions import Location
from slipway.releases.catalog import Catalogue, Release

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
