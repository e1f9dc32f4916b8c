"""Follows a deployment for whoever is at the terminal, and says how it ended."""

from botocore.exceptions import BotoCoreError, ClientError

from slipway import console
from slipway.aws.clients import Aws
from slipway.console.documents import Document
from slipway.console.errors import INTERRUPTED, SlipwayError
from slipway.releases.changes import failures, summary
from slipway.releases.course import Course
from slipway.releases.display import display
from slipway.releases.look import look
from slipway.releases.watch import Follower


class GoesOnError(SlipwayError):
    """We were interrupted; the deployment was not."""

    exit_code = INTERRUPTED

    def __init__(self, deployment: str) -> None:
        super().__init__(
            f"no longer watched; the deployment {deployment} goes on",
            then=f"slipway watch {deployment}, or stop it: slipway rollback --stop-running",
        )


class Outcome(Document):
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


def follow(aws: Aws, deployment: str) -> Course:
    """The deployment at its end; failures have been said."""
    client = aws.codedeploy
    seen: list[Course] = []

    def see() -> Course:
        seen[:] = [look(client, deployment)]
        return seen[0]

    try:
        with display() as shown:
            ended = Follower(shown.show, shown.say).follow(see)
    except KeyboardInterrupt:
        raise GoesOnError(deployment) from None
    except (BotoCoreError, ClientError):
        if seen and not seen[0].has_ended:
            console.message(
                f"no longer watched; the deployment {deployment} goes on: slipway watch {deployment}"
            )
        raise
    for line in (summary(ended), *(() if ended.succeeded else failures(ended))):
        console.message(line)
    return ended


def outcome(ended: Course) -> Outcome:
    """The document of a deployment that has ended."""
    return Outcome(
        deployment=ended.id,
        status=ended.status,
        error=ended.error,
        followed_by=ended.followed_by,
        hosts={each.id: each.status for each in ended.hosts},
    )


def require_success(ended: Course) -> None:
    """Raise SlipwayError if it failed, with what follows it."""
    if ended.succeeded:
        return
    if ended.followed_by:
        what = f"CodeDeploy takes it back by {ended.followed_by}, to the last revision that succeeded"
        raise SlipwayError(
            f"{ended.id} is {ended.status}", why=what, then=f"slipway watch {ended.followed_by}"
        )
    why = ended.rollback_message or "no other deployment follows it: hosts may run different releases"
    raise SlipwayError(f"{ended.id} is {ended.status}", why=why, then="slipway status shows what runs where")
