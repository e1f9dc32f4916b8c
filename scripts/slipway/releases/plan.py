"""What is to be done to bring another release to an environment, step by step. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from modules.config.names import EnvironmentNames, Names
from slipway.aws import requests
from slipway.aws.codedeploy import Deployment
from slipway.aws.codepipeline import StageState
from slipway.aws.requests import Request
from slipway.aws.revisions import RevisionLocation
from slipway.releases.catalog import Catalog, Release

LONGEST_DESCRIPTION = 256
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What there is to know before an environment gets another release.

    in_alarm: alarms in ALARM that stop a deployment of the group. stage: the pipeline's stage that
    releases into the environment; None if there is none. stale_hosts: ids of hosts that lack what was
    applied for hosts since they were started (``slipway.aws.hosts.ScalingGroup.is_stale``).
    """

    names: Names
    environment: EnvironmentNames
    catalog: Catalog
    in_alarm: tuple[str, ...]
    stage: StageState | None
    stale_hosts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The environment's name."""
        return self.environment.environment

    @property
    def running(self) -> Release | None:
        """What its last successful deployment brought."""
        return self.catalog.running(self.name)

    @property
    def in_progress(self) -> Deployment | None:
        """The deployment that has not ended."""
        return self.catalog.in_progress(self.name)


@dataclass(frozen=True, kw_only=True)
class ReleaseOptions:
    """What was asked for.

    to: the commit, or None for what ran before. back: whether this is a rollback. pause: whether the
    pipeline is kept from undoing it. stop_running: whether a deployment in progress may be stopped.
    override_alarms: also where none is in ALARM. who, when: asks. why: a person's own words.
    """

    to: str | None
    back: bool
    pause: bool
    stop_running: bool = False
    override_alarms: bool = False
    who: str = ""
    when: datetime = NEVER
    why: str = ""


class StepCondition(StrEnum):
    """When a step of a plan is taken."""

    ALWAYS = "always"
    NOT_ROLLED_BACK = "only if CodeDeploy does not go back to it by itself"
    NOTHING_DEPLOYED = "only if AWS refuses a step before, unless another deployment was quicker"


@dataclass(frozen=True)
class Step:
    """One call of a plan, and when it is made."""

    request: Request
    condition: StepCondition = StepCondition.ALWAYS


@dataclass(frozen=True, kw_only=True)
class ReleasePlan:
    """What is to be done. stop: the deployment to be stopped first.

    via_auto_rollback: whether CodeDeploy's own rollback, which follows the stop, brings what is wanted.
    """

    situation: Situation
    options: ReleaseOptions
    from_release: Release | None
    to_release: Release
    stop: Deployment | None = None
    via_auto_rollback: bool = False

    @property
    def overrides_alarms(self) -> bool:
        """Whether this deployment ignores the group's alarms."""
        return self.options.override_alarms or bool(self.situation.in_alarm)

    @property
    def pauses(self) -> bool:
        """Whether the stage has to be closed; one that is closed stays as it was closed."""
        stage = self.situation.stage
        return self.options.pause and stage is not None and stage.transition.enabled

    def candidates(self) -> list[RevisionLocation]:
        """Where the revision may lie: as it succeeded here; else as its build stored it."""
        proven = self.situation.catalog.last_succeeded(self.situation.name, self.to_release.commit)
        places = (proven.revision if proven else None, self.to_release.revision)
        return [place for place in places if place]

    def steps(self, revision: RevisionLocation) -> list[Step]:
        """All that may be sent to AWS, in order: what --dry-run prints, and what is executed."""
        steps = []
        if self.pauses:
            steps.append(Step(self._pause()))
        if self.stop:
            steps.append(Step(requests.stop_deployment(self.stop.id)))
        deploy = StepCondition.NOT_ROLLED_BACK if self.via_auto_rollback else StepCondition.ALWAYS
        steps.append(Step(self._deploy(revision), deploy))
        if self.pauses:
            unpause = requests.enable_transition(self.situation.names, self.situation.name)
            steps.append(Step(unpause, StepCondition.NOTHING_DEPLOYED))
        return steps

    def _pause(self) -> Request:
        options, name = self.options, self.situation.name
        reason = requests.pause_reason(name, self.to_release.commit, options.who, options.when, options.why)
        return requests.disable_transition(self.situation.names, name, reason)

    def _deploy(self, revision: RevisionLocation) -> Request:
        return requests.create_deployment(
            self.situation.environment,
            self.situation.names.application,
            revision,
            description=self.description,
            override_alarms=self.overrides_alarms,
        )

    @property
    def description(self) -> str:
        """What CodeDeploy shows of it."""
        command = "rollback" if self.options.back else "deploy"
        why = f": {self.options.why}" if self.options.why else ""
        text = f"slipway {command} to {self.to_release.commit[:12]} by {self.options.who}{why}"
        return text[:LONGEST_DESCRIPTION]
