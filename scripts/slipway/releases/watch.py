"""Watches a deployment until it ends: polls AWS, and retries while AWS does not answer."""

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
from slipway.releases.display import NOT_WATCHED, display

INTERVAL = 1.0  # seconds between two polls, for up to 50 hosts
HOSTS_A_SECOND = 50  # more hosts need more calls for each poll, so it is polled less often
PATIENCE = 30  # polls in a row that may fail
SETTLING = 5  # polls after a failure, until CodeDeploy names the rollback

Look = Callable[[], Deployment]
Show = Callable[[Deployment], None]


@dataclass
class Follower:
    """Polls deployments until they end. show: shows a state. say: prints a line. sleep: waits, in seconds."""

    show: Show
    say: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep
    unanswered: int = field(default=0, init=False)

    def follow(self, look: Look) -> Deployment:
        """Poll until the deployment ends. Returns its last state; if it failed, with its rollback's id."""
        before: Deployment | None = None
        while True:
            before = carried_over(before, self._look_again(look))
            self.show(before)
            if before.has_ended:
                break
            self.sleep(interval(before))
        return before if before.succeeded else self._settled(before, look)

    def _settled(self, ended: Deployment, look: Look) -> Deployment:
        """Poll on after a failure: CodeDeploy names the automatic rollback only some seconds later."""
        for _ in range(SETTLING):
            if ended.rolled_back_by or ended.rollback_message:
                break
            self.sleep(INTERVAL)
            ended = carried_over(ended, self._look_again(look))
        return ended

    def _look_again(self, look: Look) -> Deployment:
        while True:
            try:
                deployment = look()
            except AwsError as error:
                self._tolerate(error)
                self.sleep(INTERVAL)
            else:
                self.unanswered = 0
                return deployment

    def _tolerate(self, error: AwsError) -> None:
        """Ignore up to 30 temporary errors in a row: the deployment does not depend on this command."""
        if not error.passing:
            raise error
        self.unanswered += 1
        if self.unanswered > PATIENCE:
            raise error
        if self.unanswered == 1:
            self.say("no answer from AWS; retrying. The deployment continues.")


def interval(deployment: Deployment) -> float:
    """Seconds until the next poll."""
    return INTERVAL * max(1, -(-len(deployment.targets) // HOSTS_A_SECOND))


def _watch(deployment: str) -> str:
    return command_line("slipway", "watch", deployment)


class GoesOnError(SlipwayError):
    """The command was interrupted; the deployment continues."""

    exit_code = INTERRUPTED

    def __init__(self, deployment: str) -> None:
        super().__init__(
            f"stopped watching; the deployment {deployment} continues",
            then=f"watch it again: {_watch(deployment)}; or stop it: slipway rollback --stop-running",
        )


class DeploymentOutcome(Document):
    """What a command that deploys or watches prints with ``--json``."""

    deployment: str
    """The deployment's id."""
    status: str
    """CodeDeploy's status: Succeeded, Failed or Stopped."""
    error: str
    """CodeDeploy's error message; empty if it did not fail."""
    followed_by: str
    """The id of the automatic rollback that reverts it; empty if there is none."""
    hosts: dict[str, str]
    """CodeDeploy's status on each host, by instance id."""

    @classmethod
    def of(cls, ended: Deployment) -> "DeploymentOutcome":
        """Make the document of a deployment that has ended."""
        return cls(
            deployment=ended.id,
            status=ended.status,
            error=ended.error,
            followed_by=ended.rolled_back_by,
            hosts={target.id: target.status for target in ended.targets},
        )


def watch(aws: Aws, id: str, watching: Mapping[str, int] = NOT_WATCHED) -> Deployment:
    """Show a deployment until it ends, then print how it ended. Raises GoesOnError on Ctrl-C.

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
            console.message(f"stopped watching; the deployment {id} continues; watch it again: {_watch(id)}")
        raise
    for line in (summary(ended), *(() if ended.succeeded else failures(ended))):
        console.message(line)
    return ended


def require_success(ended: Deployment) -> None:
    """Raise SlipwayError if the deployment did not succeed; the error names its automatic rollback."""
    if ended.succeeded:
        return
    if ended.rolled_back_by:
        raise SlipwayError(
            f"{ended.id} is {ended.status}",
            why=f"CodeDeploy rolls back to the last revision that succeeded, with {ended.rolled_back_by}",
            then=f"watch the rollback: {_watch(ended.rolled_back_by)}",
        )
    why = ended.rollback_message or "there is no automatic rollback: hosts may run different releases"
    raise SlipwayError(f"{ended.id} is {ended.status}", why=why, then="slipway status shows what runs where")
