"""The plan that deploys another release to an environment: its steps in order. Pure."""

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
    """The state of an environment before another release is deployed to it.

    in_alarm: the group's alarms that are in ALARM, which stop deployments. stage: the pipeline's stage that
    deploys to the environment; None if there is none. stale_hosts: ids of hosts that were started from an
    older launch template (``slipway.aws.hosts.ScalingGroup.is_stale``).
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
        """The release of its last successful deployment; None if there was none."""
        return self.catalog.running(self.name)

    @property
    def in_progress(self) -> Deployment | None:
        """The deployment in progress; None if there is none."""
        return self.catalog.in_progress(self.name)


@dataclass(frozen=True, kw_only=True)
class ReleaseOptions:
    """The options of the command.

    to: the commit; None for the release before the running one. back: whether this is a rollback. pause:
    whether to pause the pipeline before the environment. stop_running: whether to stop a deployment in
    progress. override_alarms: whether to ignore the group's alarms even if none is in ALARM. who, when: the
    caller and the time. why: the reason that the caller gave, "" if none.
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
    """When a step of a plan is run."""

    ALWAYS = "always"
    NOT_ROLLED_BACK = "only if CodeDeploy does not roll back to it automatically"
    NOTHING_DEPLOYED = "only if AWS refused an earlier step, unless another deployment had started"


@dataclass(frozen=True)
class Step:
    """One call to AWS, and when it is made. condition: Default: always."""

    request: Request
    condition: StepCondition = StepCondition.ALWAYS


@dataclass(frozen=True, kw_only=True)
class ReleasePlan:
    """What to do. stop: the deployment to stop first, None if there is none.

    via_auto_rollback: whether CodeDeploy's rollback, which follows the stop, deploys the wanted release.
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
        """Whether to pause the stage; a stage that is paused already is not changed."""
        stage = self.situation.stage
        return self.options.pause and stage is not None and stage.transition.enabled

    def candidates(self) -> list[RevisionLocation]:
        """The revision's locations: where it succeeded in the environment, then where its build stored it."""
        proven = self.situation.catalog.last_succeeded(self.situation.name, self.to_release.commit)
        places = (proven.revision if proven else None, self.to_release.revision)
        return [place for place in places if place]

    def steps(self, revision: RevisionLocation) -> list[Step]:
        """All requests to AWS, in order: --dry-run prints them, otherwise they are executed."""
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
        """The deployment's description in CodeDeploy, cut after 256 characters."""
        command = "rollback" if self.options.back else "deploy"
        why = f": {self.options.why}" if self.options.why else ""
        text = f"slipway {command} to {self.to_release.commit[:12]} by {self.options.who}{why}"
        return text[:LONGEST_DESCRIPTION]
