"""Watches a deployment to its end: polls, also while AWS does not answer."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from slipway import console
from slipway.aws import codedeploy
from slipway.aws.clients import Aws
from slipway.aws.codedeploy import Deployment
from slipway.aws.errors import AwsError
from slipway.console.documents import Document
from slipway.console.errors import INTERRUPTED, SlipwayError
from slipway.console.shell import command_line
from slipway.releases.changes import carried_over, failures, summary
from slipway.releases.display import NOBODY_WATCHES, display

INTERVAL = 1.0  # seconds between two looks at a few hosts
HOSTS_A_SECOND = 50  # with more hosts there are more calls to a look: it comes less often
PATIENCE = 30  # looks in a row that AWS may leave without an answer
SETTLING = 5  # looks after a failure, until CodeDeploy says what follows

Look = Callable[[], Deployment]
Show = Callable[[Deployment], None]


@dataclass
class Follower:
    """Looks at deployments until they end. sleep: waits so many seconds; tests give their own."""

    show: Show
    say: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep
    unanswered: int = field(default=0, init=False)

    def follow(self, look: Look) -> Deployment:
        """The deployment as it was at its end, with what follows it if it failed."""
        before: Deployment | None = None
        while True:
            before = carried_over(before, self._patiently(look))
            self.show(before)
            if before.has_ended:
                break
            self.sleep(interval(before))
        return before if before.succeeded else self._settled(before, look)

    def _settled(self, ended: Deployment, look: Look) -> Deployment:
        """Failed or stopped, CodeDeploy takes a moment to say which deployment takes it back."""
        for _ in range(SETTLING):
            if ended.rolled_back_by or ended.rollback_message:
                break
            self.sleep(INTERVAL)
            ended = carried_over(ended, self._patiently(look))
        return ended

    def _patiently(self, look: Look) -> Deployment:
        while True:
            try:
                deployment = look()
            except AwsError as error:
                self._bear(error)
                self.sleep(INTERVAL)
            else:
                self.unanswered = 0
                return deployment

    def _bear(self, error: AwsError) -> None:
        """Go on after an error that passes; the deployment does not depend on us."""
        if not error.passing:
            raise error
        self.unanswered += 1
        if self.unanswered > PATIENCE:
            raise error
        if self.unanswered == 1:
            self.say("AWS does not answer; the deployment goes on, and so does the asking")


def interval(deployment: Deployment) -> float:
    """Seconds until the next look."""
    return INTERVAL * max(1, -(-len(deployment.targets) // HOSTS_A_SECOND))


def _watch(deployment: str) -> str:
    return command_line("slipway", "watch", deployment)


class GoesOnError(SlipwayError):
    """We were interrupted; the deployment was not."""

    exit_code = INTERRUPTED

    def __init__(self, deployment: str) -> None:
        super().__init__(
            f"no longer watched; the deployment {deployment} goes on",
            then=f"{_watch(deployment)}, or stop it: slipway rollback --stop-running",
        )


class DeploymentOutcome(Document):
    """What a command that deploys or watches prints with ``--json``."""

    deployment: str
    """Its id."""
    status: str
    """CodeDeploy's status of it."""
    error: str
    """Why it failed, in CodeDeploy's words."""
    followed_by: str
    """The deployment that takes it back, where there is one."""
    hosts: dict[str, str]
    """The status on each host, by its id."""

    @classmethod
    def of(cls, ended: Deployment) -> "DeploymentOutcome":
        """The document of a deployment that has ended."""
        return cls(
            deployment=ended.id,
            status=ended.status,
            error=ended.error,
            followed_by=ended.rolled_back_by,
            hosts={target.id: target.status for target in ended.targets},
        )


def watch(aws: Aws, id: str, watching: Mapping[str, int] = NOBODY_WATCHES) -> Deployment:
    """Show a deployment until its end, then say how it ended.

    watching: for how many seconds hosts watch a release, by deployment group.
    """
    seen: list[Deployment] = []

    def look() -> Deployment:
        seen[:] = [codedeploy.deployment(aws, id)]
        return seen[0]

    try:
        with display(watching) as shown:
            ended = Follower(shown.show, shown.say).follow(look)
    except KeyboardInterrupt:
        raise GoesOnError(id) from None
    except AwsError:
        if seen and not seen[0].has_ended:
            console.message(f"no longer watched; the deployment {id} goes on: {_watch(id)}")
        raise
    for line in (summary(ended), *(() if ended.succeeded else failures(ended))):
        console.message(line)
    return ended


def require_success(ended: Deployment) -> None:
    """Raise SlipwayError if it failed, with what follows it."""
    if ended.succeeded:
        return
    if ended.rolled_back_by:
        raise SlipwayError(
            f"{ended.id} is {ended.status}",
            why=f"CodeDeploy takes it back by {ended.rolled_back_by}, to the last revision that succeeded",
            then=_watch(ended.rolled_back_by),
        )
    why = ended.rollback_message or "no other deployment follows it: hosts may run different releases"
    raise SlipwayError(f"{ended.id} is {ended.status}", why=why, then="slipway status shows what runs where")
