"""Executes a plan: runs its steps in order, and follows the deployments that they start."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from slipway.aws.clients import Aws
from slipway.aws.codedeploy import Deployment
from slipway.aws.errors import AwsError, RefusedError
from slipway.console.errors import SlipwayError
from slipway.console.shell import command_line
from slipway.releases.plan import ReleasePlan, Step, StepCondition

ANOTHER_STARTED = "DeploymentLimitExceededException"
ENDED_ALREADY = "DeploymentAlreadyCompletedException"

Follow = Callable[[str], Deployment]


@dataclass
class PlanExecution:
    """The execution of a plan.

    follow: waits for the end of a deployment, by its id. say: prints a line. deployment: the id of the one
    that continues after an interruption, "" if none. paused: whether this execution paused the pipeline.
    ended: the last deployment that was followed. refusal: the error if AWS refused a step.
    another_started: whether AWS refused it because another deployment had started.
    """

    plan: ReleasePlan
    aws: Aws
    follow: Follow
    say: Callable[[str], None]
    deployment: str = field(default="", init=False)
    paused: bool = field(default=False, init=False)
    ended: Deployment | None = field(default=None, init=False)
    refusal: SlipwayError | None = field(default=None, init=False)
    another_started: bool = field(default=False, init=False)

    def run(self, steps: Sequence[Step]) -> Deployment:
        """Run the steps whose condition is met.

        Returns the last deployment at its end; raises AWS's refusal.
        """
        for step in steps:
            if self._holds(step.condition):
                self._take(step)
        if self.refusal:
            raise self.refusal
        assert self.ended is not None  # every plan deploys, or CodeDeploy's rollback does
        return self.ended

    def _holds(self, condition: StepCondition) -> bool:
        match condition:
            case StepCondition.ALWAYS:
                return self.refusal is None
            case StepCondition.NOT_ROLLED_BACK:
                return self.refusal is None and not self._rolled_back
            case StepCondition.NOTHING_DEPLOYED:
                # Whoever started the other deployment may rely on the pause.
                return self.refusal is not None and self.paused and not self.another_started

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
        """Stop a deployment, and follow CodeDeploy's automatic rollback, if there is one."""
        self.deployment = running = str(step.request.parameters["deploymentId"])
        try:
            step.request.send(self.aws)
        except RefusedError as error:
            meanwhile = SlipwayError(
                f"{running} ended before it could be stopped; nothing was deployed",
                then="see what runs now with slipway status, then run this command again",
            )
            self.refusal = meanwhile if error.code == ENDED_ALREADY else error
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
            self.say(f"CodeDeploy did not roll back automatically: deploying {commit}")
        try:
            self.deployment = step.request.send(self.aws)["deploymentId"]
        except RefusedError as error:
            self.another_started = error.code == ANOTHER_STARTED
            self.refusal = self._not_deployed(error)
            return
        self.say(f"created {self.deployment}")
        self.ended = self.follow(self.deployment)

    def _unpause(self, step: Step) -> None:
        """Resume the pipeline, because nothing was deployed."""
        name = self.plan.situation.name
        try:
            step.request.send(self.aws)
        except AwsError as error:  # the reason why nothing was deployed is more important
            self.say(f"{stays_paused(name)} ({error.what})")
            return
        self.paused = False
        self.say("nothing was deployed; resumed the pipeline")

    def _not_paused(self, error: RefusedError) -> SlipwayError:
        return SlipwayError(
            "these AWS credentials have no permission to pause the pipeline; nothing was changed",
            why=error.message,
            then="use credentials with codepipeline:DisableStageTransition, or add --no-pause",
        )

    def _not_deployed(self, error: RefusedError) -> SlipwayError:
        situation = self.plan.situation
        if self.another_started:
            return SlipwayError(
                f"another deployment to {situation.name} has already started; nothing was deployed",
                why=error.message,
                then=f"wait for its end: {command_line('slipway', 'watch', '--env', situation.name)}",
            )
        if error.denied and self.plan.overrides_alarms:
            return SlipwayError(
                "these AWS credentials have no permission to deploy and override alarms",
                why=error.message,
                then="use credentials that allow codedeploy:CreateDeployment and\n"
                "codedeploy:UpdateDeploymentGroup on\n"
                f"{situation.environment.deployment_group_arn};\n"
                "the operator's policy in the access stack allows both",
            )
        return error


def stays_paused(environment: str) -> str:
    """A line that says that the pipeline is still paused before an environment, and how to resume it."""
    resume = command_line("slipway", "resume", "--env", environment)
    return f"the pipeline is still paused before {environment}; to resume it: {resume}"
