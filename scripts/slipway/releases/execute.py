"""Carries a plan out: pauses the pipeline, stops what is in the way, deploys, follows to the end."""

from collections.abc import Callable
from dataclasses import dataclass, field

from botocore.exceptions import ClientError

from slipway.aws import requests
from slipway.aws.errors import DENIED, code_of
from slipway.aws.revisions import Location
from slipway.console.errors import SlipwayError
from slipway.releases.course import Course
from slipway.releases.plan import Plan
from slipway.releases.sending import Sending

LIMIT = "DeploymentLimitExceededException"
ENDED = "DeploymentAlreadyCompletedException"

Follow = Callable[[str], Course]


@dataclass
class Carrying:
    """A plan that is being carried out.

    follow: follows a deployment to its end. deployment: what goes on if we are interrupted.
    """

    plan: Plan
    location: Location
    sender: Sending
    follow: Follow
    say: Callable[[str], None]
    deployment: str = field(default="", init=False)
    paused: bool = field(default=False, init=False)

    def out(self) -> Course:
        """The deployment that was to bring the release, at its end."""
        self._pause()
        if self.plan.stop:
            back = self._stop(self.plan.stop.id)
            if self.plan.by_stopping:
                if back and back.succeeded:
                    return back
                self.say(f"CodeDeploy did not go back by itself: deploying {self.plan.comes.commit[:12]}")
        self.deployment = self._create()
        return self.follow(self.deployment)

    def _pause(self) -> None:
        if not self.plan.pauses:
            return
        try:
            self.sender.send(self.plan.pause())
        except ClientError as error:
            if code_of(error) not in DENIED:
                raise
            raise SlipwayError(
                "these AWS credentials may not pause the pipeline; nothing was changed",
                why=str(error.response["Error"].get("Message", "")),
                then="use credentials that may (codepipeline:DisableStageTransition), or --no-pause",
            ) from error
        self.paused = True
        self.say(f"paused the pipeline before {self.plan.situation.name}")

    def _stop(self, id: str) -> Course | None:
        """Stops a deployment, and follows the one by which CodeDeploy takes it back, if it does."""
        self.deployment = id
        try:
            self.sender.send(requests.stop(id))
        except ClientError as error:
            if code_of(error) == ENDED:
                raise SlipwayError(
                    f"{id} ended meanwhile", then="look at what runs now, and try again"
                ) from error
            raise
        self.say(f"stopping {id}")
        course = self.follow(id)
        if not course.followed_by:
            return None
        self.deployment = course.followed_by
        return self.follow(course.followed_by)

    def _create(self) -> str:
        try:
            answer = self.sender.send(self.plan.deploy(self.location))
        except ClientError as error:
            if code_of(error) == LIMIT:  # whoever was quicker may count on the pause
                raise SlipwayError(
                    f"another deployment of {self.plan.situation.name} was quicker",
                    why=str(error.response["Error"].get("Message", "")),
                    then=f"slipway watch --env {self.plan.situation.name}",
                ) from error
            self._unpause()
            if code_of(error) in DENIED and self.plan.overrides_alarms:
                raise self._denied(error) from error
            raise
        made: str = answer["deploymentId"]
        self.say(f"created {made}")
        return made

    def _unpause(self) -> None:
        """Nothing was deployed: the pipeline goes on as before."""
        if self.paused:
            self.sender.send(requests.resume(self.plan.situation.names, self.plan.situation.name))
            self.paused = False
            self.say("nothing was deployed: the pipeline is not paused any more")

    def _denied(self, error: ClientError) -> SlipwayError:
        group = self.plan.situation.environment.deployment_group_arn
        return SlipwayError(
            "these AWS credentials may not deploy and override alarms",
            why=str(error.response["Error"].get("Message", "")),
            then=f"this takes codedeploy:CreateDeployment and codedeploy:UpdateDeploymentGroup on\n{group};\n"
            "the operator's policy in the access stack has both",
        )
