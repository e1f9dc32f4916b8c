"""Executes a plan: takes its steps in order, and follows the deployments that they begin to their end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from slipway.aws.clients import Aws
from slipway.aws.codedeploy import Deployment
from slipway.aws.errors import AwsError, RefusedError
from slipway.console.errors import SlipwayError
from slipway.console.shell import command_line
from slipway.releases.plan import ReleasePlan, Step, StepCondition

ANOTHER_WAS_QUICKER = "DeploymentLimitExceededException"
ENDED_MEANWHILE = "DeploymentAlreadyCompletedException"

Follow = Callable[[str], Deployment]


@dataclass
class PlanExecution:
    """A plan that is being executed.

    follow: follows a deployment to its end. deployment: what goes on if we are interrupted. paused: whether
    the pipeline is, by us. ended: the last deployment that was followed. refusal: why nothing is deployed.
    """

    plan: ReleasePlan
    aws: Aws
    follow: Follow
    say: Callable[[str], None]
    deployment: str = field(default="", init=False)
    paused: bool = field(default=False, init=False)
    ended: Deployment | None = field(default=None, init=False)
    refusal: SlipwayError | None = field(default=None, init=False)
    another_was_quicker: bool = field(default=False, init=False)

    def run(self, steps: Sequence[Step]) -> Deployment:
        """Take the steps whose condition holds; the deployment that brought the release, at its end."""
        for step in steps:
            if self._holds(step.condition):
                self._take(step)
        if self.refusal:
            raise self.refusal
        assert self.ended is not None  # every plan deploys, or CodeDeploy does
        return self.ended

    def _holds(self, condition: StepCondition) -> bool:
        match condition:
            case StepCondition.ALWAYS:
                return self.refusal is None
            case StepCondition.NOT_ROLLED_BACK:
                return self.refusal is None and not self._rolled_back
            case StepCondition.NOTHING_DEPLOYED:
                # Whoever was quicker may count on the pause.
                return self.refusal is not None and self.paused and not self.another_was_quicker

    @property
    def _rolled_back(self) -> bool:
        return self.ended is not None and self.ended.succeeded

    def _take(self, step: Step) -> None:
        take = {
            "DisableStageTransition": self._pause,
            "StopDeployment": self._stop,
            "CreateDeployment": self._deploy,
            "EnableStageTransition": self._unpause,
        }
        take[step.request.operation](step)

    def _pause(self, step: Step) -> None:
        try:
            step.request.send(self.aws)
        except RefusedError as error:
            self.refusal = self._not_paused(error) if error.denied else error
            return
        self.paused = True
        self.say(f"paused the pipeline before {self.plan.situation.name}")

    def _stop(self, step: Step) -> None:
        """Stop a deployment, and follow the one by which CodeDeploy takes it back, if it does."""
        self.deployment = running = str(step.request.parameters["deploymentId"])
        try:
            step.request.send(self.aws)
        except RefusedError as error:
            meanwhile = SlipwayError(
                f"{running} ended meanwhile", then="look at what runs now, and try again"
            )
            self.refusal = meanwhile if error.code == ENDED_MEANWHILE else error
            self.deployment = ""
            return
        self.say(f"stopping {running}")
        stopped = self.follow(running)
        if stopped.rolled_back_by:
            self.deployment = stopped.rolled_back_by
            self.ended = self.follow(stopped.rolled_back_by)

    def _deploy(self, step: Step) -> None:
        if step.condition is StepCondition.NOT_ROLLED_BACK:
            commit = self.plan.to_release.commit[:12]
            self.say(f"CodeDeploy did not go back by itself: deploying {commit}")
        try:
            self.deployment = step.request.send(self.aws)["deploymentId"]
        except RefusedError as error:
            self.another_was_quicker = error.code == ANOTHER_WAS_QUICKER
            self.refusal = self._not_deployed(error)
            return
        self.say(f"created {self.deployment}")
        self.ended = self.follow(self.deployment)

    def _unpause(self, step: Step) -> None:
        """Nothing was deployed: the pipeline goes on as before."""
        name = self.plan.situation.name
        try:
            step.request.send(self.aws)
        except AwsError as error:  # why nothing was deployed matters more
            self.say(f"{stays_paused(name)} ({error.what})")
            return
        self.paused = False
        self.say("nothing was deployed: the pipeline is not paused any more")

    def _not_paused(self, error: RefusedError) -> SlipwayError:
        return SlipwayError(
            "these AWS credentials may not pause the pipeline; nothing was changed",
            why=error.message,
            then="use credentials that may (codepipeline:DisableStageTransition), or --no-pause",
        )

    def _not_deployed(self, error: RefusedError) -> SlipwayError:
        situation = self.plan.situation
        if self.another_was_quicker:
            return SlipwayError(
                f"another deployment of {situation.name} was quicker",
                why=error.message,
                then=command_line("slipway", "watch", "--env", situation.name),
            )
        if error.denied and self.plan.overrides_alarms:
            return SlipwayError(
                "these AWS credentials may not deploy and override alarms",
                why=error.message,
                then="this takes codedeploy:CreateDeployment and codedeploy:UpdateDeploymentGroup on\n"
                f"{situation.environment.deployment_group_arn};\n"
                "the operator's policy in the access stack has both",
            )
        return error


def stays_paused(environment: str) -> str:
    """That the pipeline releases nothing into an environment, and the command that ends this."""
    resume = command_line("slipway", "resume", "--env", environment)
    return f"the pipeline stays paused before {environment}: {resume}"
